import { z } from 'zod'
import type { Reason } from '@/lib/lvs/reason'
import { database } from './client'
import type { HostReading as Row } from './generated/client'
import { parseColumn } from './json-column'
import type { Tx } from './transaction'

/** The last reading of a host by schedule, and how the last try ended. */
export type HostReading = {
  hostId: string
  triedAt: Date
  /** Absent while it was never read. */
  readAt?: Date
  /** How long the last reading took, in milliseconds. */
  ms?: number
  /** Why the last try failed; absent where it did not. */
  failure?: Reason
}

const reasonSchema = z.object({
  code: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
})

function toReading({ hostId, triedAt, readAt, ms, failure }: Row): HostReading {
  return {
    ...{ hostId, triedAt },
    ...(readAt !== null && { readAt }),
    ...(ms !== null && { ms }),
    ...(failure !== null && {
      failure: parseColumn(reasonSchema, failure, `HostReading ${hostId}`),
    }),
  }
}

/** Lists when hosts were last read by schedule. */
export async function listReadings(
  hostIds?: readonly string[],
  tx: Tx = database(),
): Promise<HostReading[]> {
  const rows = await tx.hostReading.findMany({
    where: hostIds === undefined ? {} : { hostId: { in: [...hostIds] } },
  })
  return rows.map(toReading)
}

/** Writes that a host was read, and how long that took. */
export async function putReading(
  tx: Tx,
  { hostId, at, ms }: { hostId: string; at: Date; ms: number },
): Promise<void> {
  const data = { triedAt: at, readAt: at, ms, failure: null }
  await tx.hostReading.upsert({ where: { hostId }, create: { hostId, ...data }, update: data })
}

/** Writes that a host could not be read; when it was read last stays. */
export async function putFailedReading(
  tx: Tx,
  { hostId, at, failure }: { hostId: string; at: Date; failure: Reason },
): Promise<void> {
  const data = { triedAt: at, failure: JSON.stringify(failure) }
  await tx.hostReading.upsert({ where: { hostId }, create: { hostId, ...data }, update: data })
}

import { z } from 'zod'
import { NotFound } from '@/lib/errors'
import { database } from './client'
import type { Drain as DrainRow } from './generated/client'
import { parseColumn, parseRow } from './json-column'
import type { Tx } from './transaction'

export const DRAIN_STATES = [
  'waiting',
  'ended',
  'cancelled',
  'removing',
  'removed',
  'failed',
] as const
export type DrainState = (typeof DRAIN_STATES)[number]

const ids = z.array(z.string())
const weights = z.record(z.string(), z.number())
const counts = z.object({
  /** ActiveConn of all entries; the wait is for 0. */
  active: z.number(),
  /** InActConn: shown only, it lingers 120 s by design. */
  inactive: z.number(),
  /** PersistConn, of persistent services: waited for too. */
  persistent: z.number().optional(),
  /** When they were read, ISO 8601. */
  at: z.string(),
})
export type DrainCounts = z.infer<typeof counts>

/** A real server that takes no new connections, until the ones that it has are ended or the deadline comes. */
export type Drain = {
  id: string
  clusterId: string
  /** The entries that are drained, possibly of several services. */
  realServerIds: readonly string[]
  startedAt: Date
  deadlineAt: Date
  state: DrainState
  /** By real-server id: what "undo" gives back. */
  weightBefore: Readonly<Record<string, number>>
  startedBy: { userId: string; name: string }
  lastCounts?: DrainCounts
  updatedAt: Date
}

function toDrain(row: DrainRow): Drain {
  const where = `Drain ${row.id}`
  const { id, clusterId, startedAt, deadlineAt, updatedAt, lastCounts } = row
  return {
    ...{ id, clusterId, startedAt, deadlineAt, updatedAt },
    ...parseRow(z.object({ state: z.enum(DRAIN_STATES) }), row, where),
    realServerIds: parseColumn(ids, row.realServerIds, where),
    weightBefore: parseColumn(weights, row.weightBefore, where),
    startedBy: { userId: row.startedById, name: row.startedByName },
    ...(lastCounts !== null && { lastCounts: parseColumn(counts, lastCounts, where) }),
  }
}

/** Reads a drain; throws NotFound. */
export async function getDrain(id: string, tx: Tx = database()): Promise<Drain> {
  const row = await tx.drain.findUnique({ where: { id } })
  if (row === null) throw new NotFound('not-found', { noun: 'drain', id })
  return toDrain(row)
}

/** Lists drains, the newest first: of one cluster, in some states, or all. */
export async function listDrains(
  { clusterId, states }: { clusterId?: string; states?: readonly DrainState[] } = {},
  tx: Tx = database(),
): Promise<Drain[]> {
  const rows = await tx.drain.findMany({
    where: {
      ...(clusterId !== undefined && { clusterId }),
      ...(states !== undefined && { state: { in: [...states] } }),
    },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
  })
  return rows.map(toDrain)
}

/** Writes a drain that waits, and returns its id. */
export async function createDrain(
  tx: Tx,
  drain: Omit<Drain, 'id' | 'state' | 'lastCounts' | 'updatedAt'>,
): Promise<string> {
  const { startedBy, realServerIds, weightBefore, ...columns } = drain
  const { id } = await tx.drain.create({
    data: {
      ...columns,
      state: 'waiting',
      realServerIds: JSON.stringify(realServerIds),
      weightBefore: JSON.stringify(weightBefore),
      startedById: startedBy.userId,
      startedByName: startedBy.name,
      updatedAt: drain.startedAt,
    },
    select: { id: true },
  })
  return id
}

/** Cancels the drains of a cluster that still wait: what they waited for is taken away otherwise. */
export async function cancelDrains(tx: Tx, clusterId: string, at: Date): Promise<void> {
  await tx.drain.updateMany({
    where: { clusterId, state: 'waiting' },
    data: { state: 'cancelled', updatedAt: at },
  })
}

/**
 * Moves a drain from one of the states `from` to another, or only renews its counts. Returns false where it is in
 * none of them: of "undo" and "it has ended", one comes first.
 */
export async function updateDrain(
  tx: Tx,
  { id, from }: { id: string; from: readonly DrainState[] },
  change: { state?: DrainState; lastCounts?: DrainCounts; deadlineAt?: Date; updatedAt: Date },
): Promise<boolean> {
  const { lastCounts, ...columns } = change
  const { count } = await tx.drain.updateMany({
    where: { id, state: { in: [...from] } },
    data: {
      ...columns,
      ...(lastCounts !== undefined && { lastCounts: JSON.stringify(lastCounts) }),
    },
  })
  return count === 1
}

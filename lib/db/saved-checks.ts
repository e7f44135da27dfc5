import { z } from 'zod'
import type { Survival, SurvivalCheck } from '@/lib/lvs/survives'
import { database } from './client'
import type { SavedCheck as CheckRow } from './generated/client'
import { parseColumn } from './json-column'
import type { Tx } from './transaction'

/** What the last reading of a host's files said. */
export type SavedCheck = {
  hostId: string
  readAt: Date
  /** Absent while nobody could read them. */
  survival?: { state: Survival['state']; checks: readonly SurvivalCheck[] }
  /** How many rows are unsaved, differ or return. */
  counts: Readonly<Record<string, number>>
  /** When somebody else's change was seen, and in which files; absent while they are as we left them. */
  changed?: { at: Date; paths: readonly string[] }
}

const survivalSchema = z.object({
  state: z.enum(['survives', 'doubtful', 'lost', 'nothing']),
  checks: z.array(
    z.object({
      state: z.enum(['ok', 'doubtful', 'bad']),
      why: z.object({
        code: z.string(),
        values: z.record(z.string(), z.union([z.string(), z.number()])),
      }),
    }),
  ),
})
function toCheck(row: CheckRow): SavedCheck {
  const where = `SavedCheck ${row.hostId}`
  const { hostId, readAt, survival, changedAt } = row
  return {
    ...{ hostId, readAt },
    ...(survival !== null && { survival: parseColumn(survivalSchema, survival, where) }),
    counts: parseColumn(z.record(z.string(), z.number()), row.counts, where),
    ...(changedAt !== null && {
      changed: { at: changedAt, paths: parseColumn(z.array(z.string()), row.changed, where) },
    }),
  }
}

/** Lists what the last readings of files said, of some hosts or of all. */
export async function listSavedChecks(
  hostIds?: readonly string[],
  tx: Tx = database(),
): Promise<SavedCheck[]> {
  const rows = await tx.savedCheck.findMany({
    where: hostIds === undefined ? {} : { hostId: { in: [...hostIds] } },
    orderBy: { hostId: 'asc' },
  })
  return rows.map(toCheck)
}

/** Writes what a reading of a host's files said, over the one before. */
export async function putSavedCheck(tx: Tx, check: SavedCheck): Promise<void> {
  const { hostId, survival, counts, changed, ...columns } = check
  const data = {
    ...columns,
    survival: survival === undefined ? null : JSON.stringify(survival),
    counts: JSON.stringify(counts),
    changedAt: changed?.at ?? null,
    changed: JSON.stringify(changed?.paths ?? []),
  }
  await tx.savedCheck.upsert({ where: { hostId }, create: { hostId, ...data }, update: data })
}

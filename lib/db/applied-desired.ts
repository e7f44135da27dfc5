import type { DesiredCluster } from '@/lib/lvs/cluster'
import type { Plan } from '@/lib/lvs/plan'
import { database } from './client'
import { SAVE_KINDS } from './saves'
import type { Tx } from './transaction'

/** What was desired of the cluster that an apply took to its hosts, and what the last one that came to its end had. */
export type AppliedDesired = {
  /** Absent where nobody knows: the apply before it was made by a Tunboard that did not remember. */
  before?: DesiredCluster
  after: DesiredCluster
}

/** Applies that change what runs, as a filter: a save changes files. */
export const CHANGES_RUNNING = { notIn: [...SAVE_KINDS] }

async function newestVerified(clusterId: string, tx: Tx) {
  const [row] = await tx.apply.findMany({
    where: { clusterId, kind: CHANGES_RUNNING, state: 'verified' },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    select: { id: true, desired: true },
    take: 1,
  })
  return row
}

/** The column is written by createApply alone, from the type itself. */
const afterOf = (column: string): DesiredCluster => (JSON.parse(column) as AppliedDesired).after

/**
 * Reads what was desired of a cluster when it was last seen to be running: of its newest verified apply or adoption.
 * `undefined` where there was none, or where it was made by a Tunboard that did not remember.
 */
export async function latestApplied(
  clusterId: string,
  tx: Tx = database(),
): Promise<{ applyId: string; desired: DesiredCluster } | undefined> {
  const last = await newestVerified(clusterId, tx)
  if (last === undefined || last.desired === null) return undefined
  return { applyId: last.id, desired: afterOf(last.desired) }
}

/**
 * Puts what an apply takes to its hosts beside what was last seen there. Before the first apply of a cluster nothing of
 * it ran: no service, whatever else was desired. `undefined` for an apply of files.
 */
export async function desiredAround(
  tx: Tx,
  subject: { kind: 'cluster' | 'host'; id: string },
  after: DesiredCluster | undefined,
): Promise<AppliedDesired | undefined> {
  if (after === undefined || subject.kind !== 'cluster') return undefined
  const last = await newestVerified(subject.id, tx)
  if (last === undefined) return { before: { ...after, services: [] }, after }
  return last.desired === null ? { after } : { before: afterOf(last.desired), after }
}

/** What the newest verified apply of a cluster left behind, for whoever compares it with what runs. */
export type AppliedSnapshot = {
  applyId: string
  /** Absent where it was made by a Tunboard that did not remember. */
  desired?: DesiredCluster
  /** Every host that it needed was read, and nothing waited. */
  complete: boolean
  /** What its op wrote down, its own JSON. */
  options: unknown
}

/** Names the newest verified apply of every cluster that has one, by the cluster's id. */
export async function listLatestApplied(tx: Tx = database()): Promise<Map<string, string>> {
  const rows = await tx.$queryRaw<{ clusterId: string; id: string }[]>`
    SELECT "clusterId", "id" FROM (
      SELECT "clusterId", "id",
        ROW_NUMBER() OVER (PARTITION BY "clusterId" ORDER BY "startedAt" DESC, "id" DESC) AS "place"
      FROM "Apply"
      WHERE "clusterId" <> '' AND "state" = 'verified'
        AND "kind" NOT IN ('save', 'put-back', 'uninstall'))
    WHERE "place" = 1`
  return new Map(rows.map(({ clusterId, id }) => [clusterId, id]))
}

/** Reads what a verified apply left behind. */
export async function getAppliedSnapshot(
  applyId: string,
  tx: Tx = database(),
): Promise<AppliedSnapshot> {
  const row = await tx.apply.findUniqueOrThrow({
    where: { id: applyId },
    select: { desired: true, plan: true, options: true },
  })
  // Both columns are written by createApply alone, from the types themselves.
  const { debts, waiting } = JSON.parse(row.plan) as Pick<Plan, 'debts' | 'waiting'>
  return {
    applyId,
    ...(row.desired !== null && { desired: afterOf(row.desired) }),
    complete: debts.length + waiting.length === 0,
    options: JSON.parse(row.options),
  }
}

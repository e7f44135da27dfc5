import { type Apply, getApply } from '@/lib/db/applies'
import { getCluster } from '@/lib/db/clusters'
import { getHostRefs } from '@/lib/db/hosts'
import { SAVE_KINDS } from '@/lib/db/saves'
import { Conflict, type Failure } from '@/lib/errors'
import type { DesiredCluster } from '@/lib/lvs/cluster'
import type { Refusal } from '@/lib/lvs/plan'
import { refuseGoneHosts, revertDesired, sameDesired } from '@/lib/lvs/revert'
import type { RevertChange, RevertChoices } from '@/lib/lvs/revert-items'

/** Why there is nothing to take back of an apply, whatever is desired now. */
export type RevertObstacle =
  | 'of-files'
  | 'of-adoption'
  | 'still-runs'
  | 'undone-already'
  | 'not-remembered'
  | 'changed-nothing'

/** Tells why an apply cannot be reverted; `undefined` where it can. */
export function revertObstacle({ kind, state, desired }: Apply): RevertObstacle | undefined {
  if (SAVE_KINDS.some((each) => each === kind)) return 'of-files'
  if (kind === 'adopt') return 'of-adoption'
  if (state === 'running' || state === 'armed') return 'still-runs'
  if (state === 'undone') return 'undone-already'
  if (desired?.before === undefined) return 'not-remembered'
  return sameDesired(desired.before, desired.after) ? 'changed-nothing' : undefined
}

const OBSTACLE: Record<RevertObstacle, () => Conflict> = {
  'of-files': () => new Conflict('revert-of-files'),
  'of-adoption': () => new Conflict('revert-of-adoption'),
  'still-runs': () => new Conflict('revert-still-runs'),
  'undone-already': () => new Conflict('revert-undone-already'),
  'not-remembered': () => new Conflict('revert-not-remembered'),
  'changed-nothing': () => new Conflict('revert-changed-nothing'),
}

/** Tells why an apply cannot be reverted as it is said to people; `undefined` where it can. */
export function revertFailure(apply: Apply, isClusterDeleted: boolean): Failure | undefined {
  const obstacle = revertObstacle(apply)
  if (obstacle !== undefined) return OBSTACLE[obstacle]().toFailure()
  if (!isClusterDeleted) return undefined
  return new Conflict('revert-cluster-deleted', { cluster: apply.subject.name }).toFailure()
}

/** What taking an apply back makes of what is desired now. Nothing of it is saved. */
export type RevertOf = {
  apply: Apply
  /** What is desired now, and which version of that. */
  now: DesiredCluster
  version: number
  desired: DesiredCluster
  changes: readonly RevertChange[]
  /** Hosts that it needs and that were deleted. */
  refusals: readonly Refusal[]
}

async function knownHosts({ directors, services }: DesiredCluster): Promise<Set<string>> {
  const ofServers = services.flatMap(({ realServers }) =>
    realServers.flatMap(({ hostId }) => (hostId === undefined ? [] : [hostId])),
  )
  const ids = [...directors.map(({ hostId }) => hostId), ...ofServers]
  return new Set((await getHostRefs([...new Set(ids)])).map(({ id }) => id))
}

/**
 * Works out what would be desired after taking an apply back. Throws NotFound, and Conflict: why it cannot be taken back
 * (`revert-…`), among them `revert-cluster-deleted`.
 */
export async function readRevert(applyId: string, choices: RevertChoices): Promise<RevertOf> {
  const apply = await getApply(applyId)
  const obstacle = revertObstacle(apply)
  if (obstacle !== undefined) throw OBSTACLE[obstacle]()
  const { before, after } = apply.desired ?? {}
  if (before === undefined || after === undefined) throw OBSTACLE['not-remembered']()
  const { desired: now, version, deletedAt } = await getCluster(apply.subject.id)
  if (deletedAt !== undefined) throw new Conflict('revert-cluster-deleted', { cluster: now.name })
  const { desired, changes } = revertDesired({ before, after, now }, choices)
  const refusals = refuseGoneHosts(desired, await knownHosts(desired))
  return { apply, now, version, desired, changes, refusals }
}

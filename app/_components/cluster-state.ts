import type { Tone } from '@/app/_ui/tone'
import type { ApplyState } from '@/lib/db/applies'

/** What the journal knows of a cluster: its newest apply, of whichever outcome. */
type LastApply = {
  state: ApplyState
  desiredVersion: number
  startedAt: Date
  endedAt?: Date
}

export type ClusterStateName =
  | 'empty'
  | 'never'
  | 'running'
  | 'armed'
  | 'verified'
  | 'changed'
  | 'drifted'
  | 'not-verified'
  | 'failed'
  | 'interrupted'
  | 'undone'
  | 'lost'

/** The state of a cluster as far as the database and the live loops tell; `at` is since when, or when that was seen. */
export type ClusterState = { name: ClusterStateName; tone: Tone; at?: number }

const TONE: Record<ClusterStateName, Tone> = {
  empty: 'neutral',
  never: 'unknown',
  running: 'info',
  armed: 'warn',
  verified: 'ok',
  changed: 'warn',
  drifted: 'warn',
  'not-verified': 'warn',
  failed: 'bad',
  interrupted: 'bad',
  undone: 'warn',
  lost: 'bad',
}

function nameOf(version: number, last: LastApply): ClusterStateName {
  if (last.state !== 'verified') return last.state
  return last.desiredVersion < version ? 'changed' : 'verified'
}

/**
 * Tells how a cluster is by its desired version, its newest apply, since when a director of it is lost, and since when
 * something of it drifted.
 */
export function clusterState(
  cluster: { version: number; hasServices: boolean },
  last: LastApply | undefined,
  { lostSince, driftSince }: { lostSince?: number; driftSince?: number } = {},
): ClusterState {
  // What was verified before is old news of a director that cannot be read.
  if (lostSince !== undefined) return { name: 'lost', tone: TONE.lost, at: lostSince }
  if (last === undefined) {
    const name = cluster.hasServices ? 'never' : 'empty'
    return { name, tone: TONE[name] }
  }
  const name = nameOf(cluster.version, last)
  // somebody's hand is news, what waits for ours is not
  if (driftSince !== undefined && (name === 'verified' || name === 'changed'))
    return { name: 'drifted', tone: TONE.drifted, at: driftSince }
  return { name, tone: TONE[name], at: (last.endedAt ?? last.startedAt).getTime() }
}

import { cache } from 'react'
import { listApplies } from '@/lib/db/applies'
import { listClusters, type StoredCluster } from '@/lib/db/clusters'
import type { LiveSnapshot } from '@/lib/lvs/live'
import { readLive } from '@/lib/ops/live'
import { type ClusterState, clusterState } from './cluster-state'
import { type DriftState, readDriftState } from './read-drift'
import { type UndoState, undoStateOf } from './read-undo'

export type ClusterWithState = {
  cluster: StoredCluster
  state: ClusterState
  /** What the live loops know now; absent while nobody watches it. */
  live?: LiveSnapshot
  /** What is not as it was applied; absent where nothing is that was read. */
  drift?: DriftState
  /** What the timed undo of its newest apply asks of a person. */
  undo?: UndoState
}

async function withState(cluster: StoredCluster): Promise<ClusterWithState> {
  const { id, services } = cluster.desired
  const [last] = await listApplies({ clusterId: id, changes: 'running', limit: 1 })
  const live = readLive(id)
  const lost = live?.directors.find((director) => director.lost !== undefined)?.lost
  const wanted = { version: cluster.version, hasServices: services.length > 0 }
  const drift = await readDriftState(id)
  const undo = await undoStateOf(last)
  const state = clusterState(wanted, last, {
    ...(lost !== undefined && { lostSince: lost.since }),
    ...(drift !== undefined && { driftSince: drift.since }),
  })
  return {
    ...{ cluster, state },
    ...(live !== undefined && { live }),
    ...(drift !== undefined && { drift }),
    ...(undo !== undefined && { undo }),
  }
}

/** Lists the clusters with their states, once per request: the sidebar and the page show the same. */
export const readClusters = cache(
  async (): Promise<ClusterWithState[]> => Promise.all((await listClusters()).map(withState)),
)

import { cache } from 'react'
import { listApplies } from '@/lib/db/applies'
import { listClusters, type StoredCluster } from '@/lib/db/clusters'
import { type ClusterState, clusterState } from './cluster-state'

export type ClusterWithState = { cluster: StoredCluster; state: ClusterState }

/** Lists the clusters with their states, once per request: the sidebar and the page show the same. */
export const readClusters = cache(async (): Promise<ClusterWithState[]> => {
  const clusters = await listClusters()
  return Promise.all(
    clusters.map(async (cluster) => {
      const [last] = await listApplies({ clusterId: cluster.desired.id, limit: 1 })
      const hasServices = cluster.desired.services.length > 0
      return { cluster, state: clusterState({ version: cluster.version, hasServices }, last) }
    }),
  )
})

import { cache } from 'react'
import { listClusters } from '@/lib/db/clusters'
import { listHosts } from '@/lib/db/hosts'
import { listLedger } from '@/lib/db/ledger'
import type { DesiredCluster } from '@/lib/lvs/cluster'
import type { Host } from '@/lib/lvs/host'
import type { LedgerRow } from '@/lib/lvs/ledger'
import { type HostState, hostState } from './host-state'

export type HostRole = 'director' | 'real-server' | 'both'
export type HostService = { id: string; name: string; role: HostRole }

export type HostView = {
  host: Host
  state: HostState
  /** The clusters that it serves, and as what. */
  serves: readonly HostService[]
  /** What is ours on it. */
  ours: readonly LedgerRow[]
}

/** A row that no cluster uses any more: it waits for the host to be reached. */
export function isDebt(row: LedgerRow): boolean {
  return row.clusters.length === 0
}

function roleIn(cluster: DesiredCluster, hostId: string): HostRole | undefined {
  const directs = cluster.directors.some((director) => director.hostId === hostId)
  const serves = cluster.services
    .flatMap((service) => service.realServers)
    .some((realServer) => realServer.hostId === hostId)
  if (directs && serves) return 'both'
  if (directs) return 'director'
  return serves ? 'real-server' : undefined
}

/** Lists every host with its state, what it serves and what is ours on it, once per request. */
export const readHosts = cache(async (): Promise<HostView[]> => {
  const [hosts, clusters, ledger] = await Promise.all([listHosts(), listClusters(), listLedger()])
  return hosts.map((host) => {
    const ours = ledger.filter((row) => row.hostId === host.id)
    const serves = clusters.flatMap(({ desired }) => {
      const role = roleIn(desired, host.id)
      return role === undefined ? [] : [{ id: desired.id, name: desired.name, role }]
    })
    return { host, state: hostState(host, ours.filter(isDebt).length), serves, ours }
  })
})

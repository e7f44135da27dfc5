import { cache } from 'react'
import { getApply, listApplies } from '@/lib/db/applies'
import { listClusters } from '@/lib/db/clusters'
import { listHosts } from '@/lib/db/hosts'
import { listLedger } from '@/lib/db/ledger'
import type { DesiredCluster } from '@/lib/lvs/cluster'
import type { Host } from '@/lib/lvs/host'
import type { Item, LedgerRow } from '@/lib/lvs/ledger'
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
  /** Those of `ours` that no cluster wants any more: they wait for the host to be reached. */
  debts: readonly LedgerRow[]
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

/** Tells whether the last apply of a cluster left something on a host for later; without one nothing was approved. */
async function leftDebt(clusterId: string, hostId: string): Promise<boolean> {
  const [last] = await listApplies({ clusterId, changes: 'running', limit: 1 })
  if (last === undefined) return false
  return (await getApply(last.id)).plan.debts.some((debt) => debt.hostId === hostId)
}

/** What Save writes: files, and units that a boot starts. */
export const isOfFiles = ({ kind }: Item): boolean => kind === 'file' || kind === 'unit'

/** What a change of desired has given up and no apply has yet removed is no debt: its plan waits for a person. */
async function debtsOf(
  hostId: string,
  { ours, serves, known }: Pick<HostView, 'ours' | 'serves'> & { known: ReadonlySet<string> },
): Promise<LedgerRow[]> {
  const wanted = new Set(serves.map(({ id }) => id))
  // Files are nobody's alone: Save writes them for every cluster of a host, and uninstalling takes them away.
  const given = ours.filter(
    ({ clusters, item }) => !isOfFiles(item) && !clusters.some((id) => wanted.has(id)),
  )
  const ids = [...new Set(given.flatMap(({ clusters }) => clusters))].filter((id) => known.has(id))
  const left = await Promise.all(ids.map((id) => leftDebt(id, hostId)))
  const pending = new Set(ids.filter((_, index) => left[index] === false))
  return given.filter(({ clusters }) => !clusters.some((id) => pending.has(id)))
}

/** Lists every host with its state, what it serves and what is ours on it, once per request. */
export const readHosts = cache(async (): Promise<HostView[]> => {
  const [hosts, clusters, ledger] = await Promise.all([listHosts(), listClusters(), listLedger()])
  const known = new Set(clusters.map(({ desired }) => desired.id))
  const views = hosts.map(async (host): Promise<HostView> => {
    const ours = ledger.filter((row) => row.hostId === host.id)
    const serves = clusters.flatMap(({ desired }) => {
      const role = roleIn(desired, host.id)
      return role === undefined ? [] : [{ id: desired.id, name: desired.name, role }]
    })
    const debts = await debtsOf(host.id, { ours, serves, known })
    return { host, state: hostState(host, debts.length), serves, ours, debts }
  })
  return Promise.all(views)
})

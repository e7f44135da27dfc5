import { listDesiredClusters } from '@/lib/db/clusters'
import { getHostRefs } from '@/lib/db/hosts'
import { listLedger } from '@/lib/db/ledger'
import type { DesiredCluster } from '@/lib/lvs/cluster'
import type { LedgerRow } from '@/lib/lvs/ledger'
import { formatTableKey } from '@/lib/lvs/parse-ipvs'

/** What is to be watched of one cluster. */
export type Wanted = {
  directors: readonly { hostId: string; name: string }[]
  /** Keys of virtual services (formatTableKey), desired or still in the ledger. */
  services: readonly string[]
  /** Something of it stands in a director's table: it is watched although nobody looks. */
  applied: boolean
}

type Row = { hostId: string; service: string }

function serviceRows(ledger: readonly LedgerRow[], clusterId: string): Row[] {
  return ledger.flatMap(({ hostId, item, clusters }) =>
    item.kind === 'service' && clusters.includes(clusterId)
      ? [{ hostId, service: formatTableKey(item.service) }]
      : [],
  )
}

function wantedOf(
  cluster: DesiredCluster,
  ledger: readonly LedgerRow[],
  names: ReadonlyMap<string, string>,
): Wanted {
  const rows = serviceRows(ledger, cluster.id)
  const hosts = new Set([
    ...cluster.directors.map(({ hostId }) => hostId),
    ...rows.map(({ hostId }) => hostId),
  ])
  const services = new Set([
    ...cluster.services.map(({ key }) => formatTableKey(key)),
    ...rows.map(({ service }) => service),
  ])
  return {
    directors: [...hosts].map((hostId) => ({ hostId, name: names.get(hostId) ?? hostId })),
    services: [...services],
    applied: rows.length > 0,
  }
}

/** Reads from the database what is to be watched, by cluster. */
export async function readWanted(): Promise<ReadonlyMap<string, Wanted>> {
  const [clusters, ledger] = [await listDesiredClusters(), await listLedger()]
  const ids = clusters.flatMap(({ directors }) => directors.map(({ hostId }) => hostId))
  const refs = await getHostRefs([...new Set([...ids, ...ledger.map(({ hostId }) => hostId)])])
  const names = new Map(refs.map(({ id, name }) => [id, name]))
  return new Map(clusters.map((cluster) => [cluster.id, wantedOf(cluster, ledger, names)]))
}

import { listClusters } from '@/lib/db/clusters'
import { getHost, removeHost } from '@/lib/db/hosts'
import { listLedger } from '@/lib/db/ledger'
import { inTransaction, type Tx } from '@/lib/db/transaction'
import { Conflict } from '@/lib/errors'
import type { DesiredCluster } from '@/lib/lvs/cluster'
import { closeHost } from '@/lib/ssh/client'
import type { Context } from './context'
import { recordEvent } from './record-event'
import { withHostLock } from './with-host-lock'

/** Where a host is used: it cannot be deleted as long as either is not empty. */
export type HostUse = {
  /** The clusters that it is a director or real server of. */
  clusters: readonly DesiredCluster[]
  /** How many things on it are ours, by the ledger. */
  items: number
}

/** Reads where a host is used. */
export async function readHostUse(hostId: string, tx?: Tx): Promise<HostUse> {
  const clusters = (await listClusters(tx)).map(({ desired }) => desired)
  const ledger = await listLedger({ hostIds: [hostId] }, tx)
  return { clusters: clusters.filter((cluster) => uses(cluster, hostId)), items: ledger.length }
}

function uses({ directors, services }: DesiredCluster, hostId: string): boolean {
  const realServers = services.flatMap((service) => service.realServers)
  return [...directors, ...realServers].some((role) => role.hostId === hostId)
}

/**
 * Deletes a host, its approved key and its credential. Throws NotFound, and Conflict: 'host-in-use' with its clusters
 * and how many things of ours are on it, or 'locked'.
 */
export async function deleteHost(context: Context, hostId: string): Promise<void> {
  await withHostLock(context, { hostId, reason: 'delete-host' }, async () => {
    await inTransaction(async (tx) => {
      const { name } = await getHost(hostId, tx)
      const { clusters, items } = await readHostUse(hostId, tx)
      if (clusters.length > 0 || items > 0) {
        const names = clusters.map((cluster) => cluster.name).join(', ')
        throw new Conflict('host-in-use', { host: name, clusters: names, items })
      }
      await removeHost(tx, hostId)
      await recordEvent(tx, context, 'delete-host', {
        ...{ subject: `host:${hostId}`, detail: { name } },
      })
    })
    closeHost(hostId)
  })
}

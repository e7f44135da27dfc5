import { createCluster as insertCluster, listClusters } from '@/lib/db/clusters'
import { createRealServers } from '@/lib/db/real-servers'
import { createService } from '@/lib/db/services'
import { inTransaction, type Tx } from '@/lib/db/transaction'
import { InvalidInput } from '@/lib/errors'
import { vipsOf } from '@/lib/lvs/cluster'
import type { ClusterForm } from '@/lib/lvs/cluster-form'
import { formatServiceKey } from '@/lib/lvs/service'
import { checkAddress, readKnownAddresses } from './check-address'
import { checkServiceFree } from './check-service'
import type { Context } from './context'
import { recordEvent } from './record-event'
import { resolveRealServer } from './resolve-real-server'

/** Checks that no other cluster has this name. Throws InvalidInput. */
export async function checkClusterName(tx: Tx, name: string, ownId?: string): Promise<void> {
  const clusters = await listClusters(tx)
  const taken = clusters.some(({ desired }) => desired.name === name && desired.id !== ownId)
  if (taken) throw new InvalidInput({ name: 'name.taken' })
}

/**
 * Creates a cluster with its first service, in desired only, and returns its id.
 * Throws InvalidInput (a name that is taken, an address that its host does not own alone) and
 * Conflict('service-taken') where the director already has that service for another cluster.
 */
export async function createCluster(context: Context, form: ClusterForm): Promise<string> {
  const { name, director, service, options } = form
  return inTransaction(async (tx) => {
    await checkClusterName(tx, name)
    await checkServiceFree(tx, [director], service.key)
    const known = await readKnownAddresses(tx, vipsOf(service))
    const fields = { host: 'director.hostId', address: 'director.dip' }
    checkAddress(known, { hostId: director.hostId, address: director.dip }, fields)
    const realServers = form.realServers.map((realServer, index) =>
      resolveRealServer(known, service.key, realServer, `realServers.${index}.`),
    )
    const id = await insertCluster(tx, { name, options, directors: [director] })
    await createRealServers(tx, await createService(tx, id, service), realServers)
    const what = formatServiceKey(service.key)
    const detail = { cluster: name, version: 1, what, realServers: realServers.length }
    await recordEvent(tx, context, 'create-cluster', { subject: `cluster:${id}`, detail })
    return id
  })
}

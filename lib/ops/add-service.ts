import { createRealServers } from '@/lib/db/real-servers'
import { createService } from '@/lib/db/services'
import { vipsOf } from '@/lib/lvs/cluster'
import type { ClusterTarget } from '@/lib/lvs/cluster-form'
import type { RealServerForm } from '@/lib/lvs/real-server-form'
import { formatServiceKey } from '@/lib/lvs/service'
import type { ServiceForm } from '@/lib/lvs/service-form'
import { changeDesired } from './change-desired'
import { readKnownAddresses } from './check-address'
import { checkServiceFree } from './check-service'
import type { Context } from './context'
import { checkNoDuplicate, type NewRealServer, resolveRealServer } from './resolve-real-server'

/**
 * Adds a virtual service with its real servers to a cluster's desired state, and returns the new desired version.
 * Throws Conflict('service-taken') where one of the directors already has it, for this cluster or another.
 */
export async function addService(
  context: Context,
  target: ClusterTarget,
  { service, realServers }: { service: ServiceForm; realServers: readonly RealServerForm[] },
): Promise<number> {
  return changeDesired(context, target, 'add-service', async (tx, cluster) => {
    await checkServiceFree(tx, cluster.directors, service.key)
    const known = await readKnownAddresses(tx, vipsOf(service))
    const resolved: NewRealServer[] = []
    for (const [index, form] of realServers.entries()) {
      const prefix = `realServers.${index}.`
      const realServer = resolveRealServer(known, service.key, form, prefix)
      checkNoDuplicate(resolved, realServer, prefix)
      resolved.push(realServer)
    }
    await createRealServers(tx, await createService(tx, cluster.id, service), resolved)
    return { what: formatServiceKey(service.key), realServers: resolved.length }
  })
}

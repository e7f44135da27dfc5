import { createRealServers } from '@/lib/db/real-servers'
import { InvalidInput } from '@/lib/errors'
import type { ClusterTarget } from '@/lib/lvs/cluster-form'
import type { RealServerForm } from '@/lib/lvs/real-server-form'
import { formatServiceKey } from '@/lib/lvs/service'
import { changeDesired } from './change-desired'
import { readKnownAddresses } from './check-address'
import type { Context } from './context'
import { findService } from './find-desired'
import { checkNoDuplicate, resolveRealServer } from './resolve-real-server'

/**
 * Adds a real server to one or several services of a cluster, in desired only, and returns the new desired version.
 * Throws InvalidInput where it does not fit one of them, or is there already.
 */
export async function addRealServer(
  context: Context,
  target: ClusterTarget & { serviceIds: readonly string[] },
  form: RealServerForm,
): Promise<number> {
  return changeDesired(context, target, 'add-real-server', async (tx, cluster) => {
    if (target.serviceIds.length === 0) throw new InvalidInput({ serviceIds: 'required' })
    const known = await readKnownAddresses(tx)
    const services = [...new Set(target.serviceIds)].map((id) => findService(cluster, id))
    for (const service of services) {
      const realServer = resolveRealServer(known, service.key, form)
      checkNoDuplicate(service.realServers, realServer)
      await createRealServers(tx, service.id, [realServer])
    }
    const names = services.map(({ key }) => formatServiceKey(key))
    return { what: form.rip, services: names.join(', '), weight: form.config.weight }
  })
}

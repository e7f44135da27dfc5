import { updateRealServer } from '@/lib/db/real-servers'
import { InvalidInput } from '@/lib/errors'
import type { ClusterTarget } from '@/lib/lvs/cluster-form'
import { fitErrors } from '@/lib/lvs/real-server-form'
import { formatRealServerKey, type RealServerConfig } from '@/lib/lvs/service'
import { changeDesired } from './change-desired'
import type { Context } from './context'
import { findRealServers } from './find-desired'

/**
 * Replaces the configuration of a real server, in each of the services that are given by its ids there, in desired
 * only; returns the new desired version. Its key stays. Throws InvalidInput, e.g. for a way of forwarding that its
 * port or family does not allow.
 */
export async function editRealServer(
  context: Context,
  target: ClusterTarget & { realServerIds: readonly string[] },
  { name, config }: { name?: string; config: RealServerConfig },
): Promise<number> {
  return changeDesired(context, target, 'edit-real-server', async (tx, cluster) => {
    const found = findRealServers(cluster, target.realServerIds)
    for (const realServer of found) {
      const service = cluster.services.find((it) => it.realServers.includes(realServer))
      const { rip, port } = realServer.key
      const errors = service === undefined ? {} : fitErrors(service.key, { rip, port, config })
      // The fields of the key are not in this form: it is the method that does not fit them.
      if (Object.keys(errors).length > 0) throw new InvalidInput({ method: 'method.unfit' })
      await updateRealServer(tx, { ...realServer, name: name ?? realServer.name, config })
    }
    const what = found.map(({ key }) => formatRealServerKey(key)).join(', ')
    return { what, weight: config.weight, method: config.forwarding.method }
  })
}

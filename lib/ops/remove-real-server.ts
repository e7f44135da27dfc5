import { removeRealServers } from '@/lib/db/real-servers'
import type { ClusterTarget } from '@/lib/lvs/cluster-form'
import { formatRealServerKey } from '@/lib/lvs/service'
import { changeDesired } from './change-desired'
import type { Context } from './context'
import { findRealServers } from './find-desired'

/**
 * Removes a real server from desired, in each of the services that are given by its ids there, and returns the new
 * desired version. Its connections are the plan's concern: it may be drained before.
 */
export async function removeRealServer(
  context: Context,
  target: ClusterTarget & { realServerIds: readonly string[] },
): Promise<number> {
  return changeDesired(context, target, 'remove-real-server', async (tx, cluster) => {
    const found = findRealServers(cluster, target.realServerIds)
    await removeRealServers(tx, target.realServerIds)
    return { what: found.map(({ key }) => formatRealServerKey(key)).join(', ') }
  })
}

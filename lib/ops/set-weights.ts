import { updateRealServer } from '@/lib/db/real-servers'
import type { ClusterTarget } from '@/lib/lvs/cluster-form'
import { formatRealServerKey } from '@/lib/lvs/service'
import { changeDesired } from './change-desired'
import type { Context } from './context'
import { findRealServers } from './find-desired'

/**
 * Sets the weights (0–65535; 0 = quiesced) of real servers by their ids, in desired only, and returns the new desired
 * version. Everything else of them stays.
 */
export async function setWeights(
  context: Context,
  target: ClusterTarget,
  weights: Readonly<Record<string, number>>,
): Promise<number> {
  return changeDesired(context, target, 'set-weights', async (tx, cluster) => {
    const found = findRealServers(cluster, Object.keys(weights))
    for (const realServer of found) {
      const weight = weights[realServer.id] ?? realServer.config.weight
      await updateRealServer(tx, { ...realServer, config: { ...realServer.config, weight } })
    }
    const each = found.map(({ id, key }) => `${formatRealServerKey(key)} = ${weights[id]}`)
    return { what: each.join(', ') }
  })
}

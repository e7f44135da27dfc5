import { cancelDrains } from '@/lib/db/drains'
import { removeServices } from '@/lib/db/services'
import type { ClusterTarget } from '@/lib/lvs/cluster-form'
import { formatServiceKey } from '@/lib/lvs/service'
import { changeDesired } from './change-desired'
import type { Context } from './context'

/**
 * Empties what is desired of a cluster, and returns the new desired version: its plan then takes everything of it off
 * the hosts. The cluster, its directors and options stay.
 */
export async function takeDownCluster(context: Context, target: ClusterTarget): Promise<number> {
  return changeDesired(
    context,
    target,
    'take-down-cluster',
    async (tx, { id: clusterId, services }) => {
      await cancelDrains(tx, clusterId, context.now())
      await removeServices(
        tx,
        services.map(({ id }) => id),
      )
      return { what: services.map(({ key }) => formatServiceKey(key)).join(', ') }
    },
  )
}

import { removeServices } from '@/lib/db/services'
import type { ClusterTarget } from '@/lib/lvs/cluster-form'
import { formatServiceKey } from '@/lib/lvs/service'
import { changeDesired } from './change-desired'
import type { Context } from './context'
import { findService } from './find-desired'

/** Removes a virtual service with its real servers from desired, and returns the new desired version. */
export async function removeService(
  context: Context,
  target: ClusterTarget & { serviceId: string },
): Promise<number> {
  return changeDesired(context, target, 'remove-service', async (tx, cluster) => {
    const service = findService(cluster, target.serviceId)
    await removeServices(tx, [service.id])
    return { what: formatServiceKey(service.key) }
  })
}

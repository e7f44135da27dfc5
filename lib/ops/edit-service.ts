import { updateService } from '@/lib/db/services'
import { InvalidInput } from '@/lib/errors'
import type { ClusterTarget } from '@/lib/lvs/cluster-form'
import { formatServiceKey, sameService } from '@/lib/lvs/service'
import type { ServiceForm } from '@/lib/lvs/service-form'
import { changeDesired } from './change-desired'
import type { Context } from './context'
import { findService } from './find-desired'

/**
 * Replaces the configuration of a virtual service in desired, and returns the new desired version.
 * Its key stays: another VIP, port or protocol is another service, to be added beside this one. Throws InvalidInput.
 */
export async function editService(
  context: Context,
  target: ClusterTarget & { serviceId: string },
  { key, config, vips }: ServiceForm,
): Promise<number> {
  return changeDesired(context, target, 'edit-service', async (tx, cluster) => {
    const service = findService(cluster, target.serviceId)
    if (!sameService(service.key, key)) {
      throw new InvalidInput({ [key.kind === 'address' ? 'vip' : 'mark']: 'service.key-fixed' })
    }
    await updateService(tx, service.id, { config, vips })
    return { what: formatServiceKey(key), scheduler: config.scheduler }
  })
}

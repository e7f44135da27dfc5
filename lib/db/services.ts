import type { DesiredService } from '@/lib/lvs/cluster'
import { serviceColumns, serviceConfigColumns } from './cluster-rows'
import type { Tx } from './transaction'

/** Adds a virtual service without real servers, and returns its id. */
export async function createService(
  tx: Tx,
  clusterId: string,
  service: Omit<DesiredService, 'id' | 'realServers'>,
): Promise<string> {
  const { id } = await tx.virtualService.create({
    data: { clusterId, ...serviceColumns(service) },
    select: { id: true },
  })
  return id
}

/** Replaces a service's configuration as a whole; its key stays. */
export async function updateService(
  tx: Tx,
  id: string,
  { config, vips }: Pick<DesiredService, 'config' | 'vips'>,
): Promise<void> {
  await tx.virtualService.update({ where: { id }, data: serviceConfigColumns(config, vips) })
}

/** Removes virtual services with their real servers from desired. */
export async function removeServices(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.virtualService.deleteMany({ where: { id: { in: [...ids] } } })
}

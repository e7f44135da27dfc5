import type { DesiredRealServer } from '@/lib/lvs/cluster'
import { realServerColumns } from './cluster-rows'
import type { Tx } from './transaction'

/** Adds real servers to a service. */
export async function createRealServers(
  tx: Tx,
  serviceId: string,
  realServers: readonly Omit<DesiredRealServer, 'id'>[],
): Promise<void> {
  const data = realServers.map((realServer) => ({ serviceId, ...realServerColumns(realServer) }))
  await tx.realServer.createMany({ data })
}

/** Replaces a real server as a whole. */
export async function updateRealServer(tx: Tx, realServer: DesiredRealServer): Promise<void> {
  const { id } = realServer
  await tx.realServer.update({ where: { id }, data: realServerColumns(realServer) })
}

/** Removes real servers from desired. */
export async function removeRealServers(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.realServer.deleteMany({ where: { id: { in: [...ids] } } })
}

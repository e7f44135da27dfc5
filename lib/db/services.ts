import { randomUUID } from 'node:crypto'
import type { DesiredRealServer, DesiredService } from '@/lib/lvs/cluster'
import { realServerColumns, serviceColumns, serviceConfigColumns } from './cluster-rows'
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

/** Rows of one statement: an adopted table may have 37,298 entries, and a statement's text is held in memory three times. */
const CHUNK = 5000

/**
 * Adds virtual services with their real servers, thousands of them in a few statements: one by one they would hold the
 * only connection for half a minute.
 */
export async function createServices(
  tx: Tx,
  clusterId: string,
  services: readonly (Omit<DesiredService, 'id' | 'realServers'> & {
    realServers: readonly Omit<DesiredRealServer, 'id'>[]
  })[],
): Promise<void> {
  const made = services.map((service) => ({ id: randomUUID(), service }))
  await tx.virtualService.createMany({
    data: made.map(({ id, service }) => ({ id, clusterId, ...serviceColumns(service) })),
  })
  const rows = made.flatMap(({ id: serviceId, service: { realServers } }) =>
    realServers.map((each) => ({ id: randomUUID(), serviceId, ...realServerColumns(each) })),
  )
  for (let at = 0; at < rows.length; at += CHUNK)
    await tx.$executeRaw`
      INSERT INTO "RealServer"
        ("id", "serviceId", "hostId", "name", "rip", "port", "weight", "method", "tunnelType", "tunnelPort",
          "tunnelChecksum", "upperThreshold", "lowerThreshold")
      SELECT r.value->>'id', r.value->>'serviceId', r.value->>'hostId', r.value->>'name', r.value->>'rip',
        r.value->>'port', r.value->>'weight', r.value->>'method', r.value->>'tunnelType', r.value->>'tunnelPort',
        r.value->>'tunnelChecksum', r.value->>'upperThreshold', r.value->>'lowerThreshold'
      FROM json_each(${JSON.stringify(rows.slice(at, at + CHUNK))}) AS r`
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

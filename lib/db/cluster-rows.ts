import { z } from 'zod'
import type { DesiredRealServer, DesiredService } from '@/lib/lvs/cluster'
import {
  ARP_SCOPES,
  type ClusterOptions,
  DIRECTOR_TUNNELS,
  RP_FILTER_WAYS,
} from '@/lib/lvs/cluster'
import {
  compareRealServerKeys,
  type Forwarding,
  formatServiceKey,
  PROTOCOLS,
  type ServiceConfig,
  type ServiceKey,
  type Tunnel,
} from '@/lib/lvs/service'
import type { RealServer, VirtualService } from './generated/client'
import { parseColumn, parseRow } from './json-column'

export const optionsSchema = z.object({
  arpScope: z.enum(ARP_SCOPES),
  rpFilter: z.enum(RP_FILTER_WAYS),
  directorTunnel: z.enum(DIRECTOR_TUNNELS),
  directorDevice: z.string(),
}) satisfies z.ZodType<ClusterOptions>

const family = z.union([z.literal(4), z.literal(6)])
const keySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('address'),
    protocol: z.enum(PROTOCOLS),
    vip: z.string(),
    port: z.number(),
  }),
  z.object({ kind: z.literal('fwmark'), mark: z.bigint().transform(Number), family }),
])

const forwardingSchema = z.union([
  z.object({ method: z.enum(['route', 'masquerade']) }),
  z.object({ method: z.literal('tunnel'), tunnelType: z.literal('ipip') }),
  z.object({
    method: z.literal('tunnel'),
    tunnelType: z.literal('gue'),
    tunnelPort: z.number(),
    tunnelChecksum: z.enum(['none', 'csum', 'remcsum']),
  }),
  z.object({
    method: z.literal('tunnel'),
    tunnelType: z.literal('gre'),
    tunnelChecksum: z.enum(['none', 'csum']),
  }),
])

function tunnelOf(row: Extract<z.output<typeof forwardingSchema>, { method: 'tunnel' }>): Tunnel {
  switch (row.tunnelType) {
    case 'ipip':
      return { type: 'ipip' }
    case 'gue':
      return { type: 'gue', port: row.tunnelPort, checksum: row.tunnelChecksum }
    case 'gre':
      return { type: 'gre', checksum: row.tunnelChecksum }
    default:
      return row satisfies never
  }
}

/** Reads a row of RealServer. */
export function toRealServer(row: RealServer): DesiredRealServer {
  const forwarding = parseRow(forwardingSchema, row, `RealServer ${row.id}`)
  const { id, name, hostId, rip, port, weight, upperThreshold, lowerThreshold } = row
  return {
    ...{ id, name },
    ...(hostId !== null && { hostId }),
    key: { rip, port },
    config: {
      forwarding:
        forwarding.method === 'tunnel'
          ? { method: 'tunnel', tunnel: tunnelOf(forwarding) }
          : { method: forwarding.method },
      ...{ weight, upperThreshold, lowerThreshold },
    },
  }
}

function forwardingColumns(forwarding: Forwarding) {
  const { method } = forwarding
  if (method !== 'tunnel') {
    return { method, tunnelType: null, tunnelPort: null, tunnelChecksum: null }
  }
  const { tunnel } = forwarding
  return {
    method,
    tunnelType: tunnel.type,
    tunnelPort: tunnel.type === 'gue' ? tunnel.port : null,
    tunnelChecksum: tunnel.type === 'ipip' ? null : tunnel.checksum,
  }
}

/** Writes a real server as its columns; all of them, so that nothing of an earlier one survives. */
export function realServerColumns(realServer: Omit<DesiredRealServer, 'id'>) {
  const { name, hostId, key, config } = realServer
  const { forwarding, weight, upperThreshold, lowerThreshold } = config
  return {
    ...{ name, hostId: hostId ?? null, ...key },
    ...{ weight, upperThreshold, lowerThreshold },
    ...forwardingColumns(forwarding),
  }
}

/** Reads a row of VirtualService with its real servers, in the order of their keys. */
export function toService(row: VirtualService & { realServers: RealServer[] }): DesiredService {
  const where = `VirtualService ${row.id}`
  const strings = z.array(z.string())
  return {
    id: row.id,
    key: parseRow(keySchema, row, where),
    config: {
      scheduler: row.scheduler,
      flags: parseColumn(strings, row.flags, where),
      onePacket: row.onePacket,
      ...(row.persistenceSeconds !== null && {
        persistence: {
          timeoutSeconds: row.persistenceSeconds,
          ...(row.persistenceMask !== null && { mask: row.persistenceMask }),
        },
      }),
      ...(row.persistenceEngine !== null && { persistenceEngine: row.persistenceEngine }),
    },
    vips: parseColumn(strings, row.vips, where),
    realServers: row.realServers
      .map(toRealServer)
      .sort((a, b) => compareRealServerKeys(a.key, b.key)),
  }
}

function keyColumns(key: ServiceKey) {
  const none = { protocol: null, vip: null, port: null, mark: null, family: null }
  const columns = key.kind === 'address' ? key : { ...key, mark: BigInt(key.mark) }
  return { ...none, ...columns, key: formatServiceKey(key) }
}

/** Writes a service's configuration as its columns; all of them, as `-E` replaces everything. */
export function serviceConfigColumns(config: ServiceConfig, vips: readonly string[]) {
  return {
    vips: JSON.stringify(vips),
    scheduler: config.scheduler,
    flags: JSON.stringify([...config.flags].sort()),
    persistenceSeconds: config.persistence?.timeoutSeconds ?? null,
    persistenceMask: config.persistence?.mask ?? null,
    onePacket: config.onePacket,
    persistenceEngine: config.persistenceEngine ?? null,
  }
}

/** Writes a service as its columns, without its real servers. */
export function serviceColumns(service: Omit<DesiredService, 'id' | 'realServers'>) {
  return { ...keyColumns(service.key), ...serviceConfigColumns(service.config, service.vips) }
}

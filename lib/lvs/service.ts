import { z } from 'zod'
import {
  type Address,
  addressSchema,
  compareAddresses,
  formatEndpoint,
  portSchema,
} from './address'

export const PROTOCOLS = ['tcp', 'udp', 'sctp'] as const
export type Protocol = (typeof PROTOCOLS)[number]

/** What identifies a virtual service in a director's table: VIP, port and protocol, or a firewall mark. */
export type ServiceKey =
  | { kind: 'address'; protocol: Protocol; vip: Address; port: number }
  | { kind: 'fwmark'; mark: number; family: 4 | 6 }

export const serviceKeySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('address'),
    protocol: z.enum(PROTOCOLS),
    vip: addressSchema,
    port: portSchema,
  }),
  z.object({
    kind: z.literal('fwmark'),
    mark: z.coerce.number().int().min(1).max(4294967295),
    family: z.union([z.literal(4), z.literal(6)]),
  }),
])

/** Persistence (sticky clients): seconds 1–2678400 and the client mask; 360 s is ipvsadm's own default. */
export type Persistence = { timeoutSeconds: number; mask?: string }

/**
 * Everything of a service that `-E` replaces as a whole (LVS-TUN facts, 1.4: nothing is merged).
 * `scheduler` is any name that the kernel told us; the form offers those of scheduler.ts.
 */
export type ServiceConfig = {
  scheduler: string
  /** Sorted flags of `-b`, e.g. `sh-fallback`. */
  flags: readonly string[]
  persistence?: Persistence
  /** `-o`: every packet is scheduled (UDP or fwmark only). */
  onePacket: boolean
  /** `--pe`: only `sip` exists. */
  persistenceEngine?: string
}

export type TunnelChecksum = 'none' | 'csum' | 'remcsum'

export type Tunnel =
  | { type: 'ipip' }
  | { type: 'gue'; port: number; checksum: TunnelChecksum }
  | { type: 'gre'; checksum: Exclude<TunnelChecksum, 'remcsum'> }

export type Forwarding =
  | { method: 'tunnel'; tunnel: Tunnel }
  | { method: 'route' }
  | { method: 'masquerade' }

export type RealServerKey = { rip: Address; port: number }

/** Everything of a real-server entry that `-e` replaces as a whole. Weight 0 = quiesced. Thresholds: 0 = none. */
export type RealServerConfig = {
  forwarding: Forwarding
  /** 0–65535. */
  weight: number
  /** `-x`, connections (active + inactive); 0 = no limit. */
  upperThreshold: number
  /** `-y`; 0 = three quarters of the upper one. */
  lowerThreshold: number
}

export const IPIP: Forwarding = { method: 'tunnel', tunnel: { type: 'ipip' } }

/** Writes a service key as the words ipvsadm(8) wants: `-t 10.0.0.1:80`, `-f 7 -6`. */
export function serviceArguments(key: ServiceKey): string[] {
  if (key.kind === 'fwmark') return ['-f', String(key.mark), ...(key.family === 6 ? ['-6'] : [])]
  const option = { tcp: '-t', udp: '-u', sctp: '--sctp-service' }[key.protocol]
  return [option, formatEndpoint(key.vip, key.port)]
}

/** Writes a service key for people and as an identity: `tcp 172.25.254.100:80`, `fwmark 7`, `fwmark 7 ipv6`. */
export function formatServiceKey(key: ServiceKey): string {
  if (key.kind === 'fwmark') return `fwmark ${key.mark}${key.family === 6 ? ' ipv6' : ''}`
  return `${key.protocol} ${formatEndpoint(key.vip, key.port)}`
}

/** Writes a real server's key: `172.25.254.2:80`. */
export function formatRealServerKey(key: RealServerKey): string {
  return formatEndpoint(key.rip, key.port)
}

/** Tells whether two keys name the same service. */
export function sameService(a: ServiceKey, b: ServiceKey): boolean {
  return formatServiceKey(a) === formatServiceKey(b)
}

/** Orders service keys as `ipvsadm -Sn` does: addresses first, then marks. */
export function compareServiceKeys(a: ServiceKey, b: ServiceKey): number {
  if (a.kind === 'address' && b.kind === 'address') {
    const byProtocol = PROTOCOLS.indexOf(a.protocol) - PROTOCOLS.indexOf(b.protocol)
    return byProtocol || compareAddresses(a.vip, b.vip) || a.port - b.port
  }
  if (a.kind === 'fwmark' && b.kind === 'fwmark') return a.family - b.family || a.mark - b.mark
  return a.kind === 'address' ? -1 : 1
}

/** Orders real-server keys by address, then port. */
export function compareRealServerKeys(a: RealServerKey, b: RealServerKey): number {
  return compareAddresses(a.rip, b.rip) || a.port - b.port
}

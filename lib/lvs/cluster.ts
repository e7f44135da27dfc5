import type { Address } from './address'
import type { RealServerConfig, RealServerKey, ServiceConfig, ServiceKey } from './service'

/** One real server behind a virtual service as desired; `hostId` only where Tunboard manages the host. */
export type DesiredRealServer = {
  id: string
  name: string
  hostId?: string
  key: RealServerKey
  config: RealServerConfig
}

/** A virtual service as desired. `vips`: for a fwmark service the addresses that the hosts must hold. */
export type DesiredService = {
  id: string
  key: ServiceKey
  config: ServiceConfig
  vips: readonly Address[]
  realServers: readonly DesiredRealServer[]
}

export type DesiredDirector = { hostId: string; name: string; dip: Address }

export const ARP_SCOPES = ['all', 'interface'] as const
export const RP_FILTER_WAYS = ['loose-on-tunnel', 'off-everywhere'] as const
export const DIRECTOR_TUNNELS = ['as-found', 'up'] as const

/** The choices of a cluster that are not IPVS: how real servers and directors are prepared. */
export type ClusterOptions = {
  /** Where arp_ignore=1 and arp_announce=2 go on real servers: `all`, or only the interface that holds the RIP. */
  arpScope: (typeof ARP_SCOPES)[number]
  /** `loose-on-tunnel`: tunl0.rp_filter=2. `off-everywhere`: the tutorial's way, 0 on all, default, lo, LAN, tunl0. */
  rpFilter: (typeof RP_FILTER_WAYS)[number]
  /** `as-found`: the director's tunl0 stays down (it works down; up, it decapsulates for anyone). */
  directorTunnel: (typeof DIRECTOR_TUNNELS)[number]
  /** The device that holds the VIP on the director: `tunl0`, or another by choice, e.g. `lo`, `eth0`. */
  directorDevice: string
}

export const DEFAULT_OPTIONS: ClusterOptions = {
  arpScope: 'all',
  rpFilter: 'loose-on-tunnel',
  directorTunnel: 'as-found',
  directorDevice: 'tunl0',
}

/** Directors that serve the same virtual services, as the operator wants them. */
export type DesiredCluster = {
  id: string
  name: string
  directors: readonly DesiredDirector[]
  services: readonly DesiredService[]
  options: ClusterOptions
}

/** Tells which VIPs a service needs on its director and real servers. */
export function vipsOf(service: Pick<DesiredService, 'key' | 'vips'>): readonly Address[] {
  return service.key.kind === 'address' ? [service.key.vip] : service.vips
}

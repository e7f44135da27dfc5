import { type Address, compareAddresses, hostPrefix } from './address'
import { byHost } from './by-host'
import { type DesiredCluster, type DesiredRealServer, type DesiredService, vipsOf } from './cluster'
import { realServerOptions, serviceOptions } from './commands'
import { confKey, effective, findDevice, holds, itemValue, joinOptions } from './item-value'
import { entryName, formatItem, type Item } from './ledger'
import { memo } from './memo'
import { type Reason, reason } from './reason'
import type { Device, Running } from './running'
import {
  compareRealServerKeys,
  compareServiceKeys,
  formatRealServerKey,
  formatServiceKey,
  type ServiceKey,
} from './service'
import { indexTable } from './table-index'

/** The place of a step in the ordering law (ARCHITECTURE.md): lower first; the real server before the director. */
export const PHASE = {
  realServerModule: 10,
  realServerLink: 12,
  realServerArp: 13,
  realServerRpFilter: 14,
  realServerVip: 15,
  directorModule: 20,
  directorLink: 22,
  directorVip: 23,
  service: 24,
  entry: 26,
} as const

/** What a cluster wants of a host: an item, the value it would be given, and what already counts as good enough. */
export type Want = {
  clusterId: string
  hostId: string
  item: Item
  /** formatItem of it: what it is found by. */
  name: string
  value: string
  /** Satisfied is a predicate: a host that works in another way is left as it is. */
  satisfied: (running: Running) => boolean
  phase: number
  why: Reason
}

export const TUNNEL = 'tunl0'

type HostWant = Omit<Want, 'clusterId' | 'hostId' | 'name'>
/** Whose wants they are, and of which host. */
type Whose = Pick<Want, 'clusterId' | 'hostId'>

const named = ({ clusterId, hostId }: Whose, want: HostWant): Want => ({
  ...want,
  ...{ clusterId, hostId, name: formatItem(want.item) },
})

const exactly =
  (item: Item, value: string) =>
  (running: Running): boolean =>
    itemValue(running, item) === value

/** Finds the device that holds an address, tunnels left out. */
export function deviceOf(running: Running, address: Address): Device | undefined {
  return running.devices.find((device) => device.name !== TUNNEL && holds(device, address))
}

const tunnelReady = (running: Running) => findDevice(running, TUNNEL) !== undefined

function moduleWant(phase: number): HostWant {
  const item: Item = { kind: 'module', name: 'ipip' }
  return { item, value: 'loaded', satisfied: tunnelReady, phase, why: reason('why.ipip') }
}

function sysctlWant(
  device: string,
  parameter: string,
  value: string,
  satisfied: (running: Running) => boolean,
): HostWant {
  const item: Item = { kind: 'sysctl', key: confKey(device, parameter) }
  const phase = parameter === 'rp_filter' ? PHASE.realServerRpFilter : PHASE.realServerArp
  return { item, value, satisfied, phase, why: reason(`why.${parameter}`, { device }) }
}

/** Devices on which a real server could answer ARP for the VIP. */
const arpDevices = (running: Running): Device[] =>
  running.devices.filter(({ loopback, kind, up }) => !loopback && kind !== 'ipip' && up)

function arpWants(scope: 'all' | 'interface', lan: string): HostWant[] {
  const quiet = (parameter: string, least: number) => (running: Running) => {
    const devices = scope === 'all' ? arpDevices(running).map(({ name }) => name) : [lan]
    const everywhere = Number(running.sysctls[confKey('all', parameter)] ?? 0) >= least
    return everywhere || devices.every((device) => effective(running, device, parameter) >= least)
  }
  const device = scope === 'all' ? 'all' : lan
  return [
    sysctlWant(device, 'arp_ignore', '1', quiet('arp_ignore', 1)),
    sysctlWant(device, 'arp_announce', '2', quiet('arp_announce', 2)),
  ]
}

function rpFilterWants(way: 'loose-on-tunnel' | 'off-everywhere', lan: string): HostWant[] {
  if (way === 'loose-on-tunnel') {
    const loose = (running: Running) =>
      tunnelReady(running) && effective(running, TUNNEL, 'rp_filter') !== 1
    return [sysctlWant(TUNNEL, 'rp_filter', '2', loose)]
  }
  return ['all', 'default', 'lo', lan, TUNNEL].map((device) => {
    const item: Item = { kind: 'sysctl', key: confKey(device, 'rp_filter') }
    return sysctlWant(device, 'rp_filter', '0', exactly(item, '0'))
  })
}

function realServerVipWant(vip: Address): HostWant {
  const item: Item = { kind: 'address', address: vip, device: TUNNEL }
  const value = `/${hostPrefix(vip)}`
  return {
    item,
    value,
    // VIP on another device works only where the tunnel's source check is off (LVS-TUN facts, 2.4)
    satisfied: (running) =>
      itemValue(running, item) === value ||
      (deviceOf(running, vip) !== undefined && effective(running, TUNNEL, 'rp_filter') === 0),
    phase: PHASE.realServerVip,
    why: reason('why.real-server-vip', { vip }),
  }
}

/** Lists what a managed real server needs for the VIPs that it answers for; `lan` is the device of its RIP. */
function realServerWants(
  cluster: DesiredCluster,
  vips: readonly Address[],
  lan: string,
): HostWant[] {
  const link: Item = { kind: 'link', device: TUNNEL }
  return [
    moduleWant(PHASE.realServerModule),
    {
      item: link,
      value: 'up',
      satisfied: exactly(link, 'up'),
      phase: PHASE.realServerLink,
      why: reason('why.real-server-link'),
    },
    ...arpWants(cluster.options.arpScope, lan),
    ...rpFilterWants(cluster.options.rpFilter, lan),
    ...vips.map(realServerVipWant),
  ]
}

function directorVipWant(vip: Address, device: string): HostWant {
  const value = `/${hostPrefix(vip)}`
  return {
    item: { kind: 'address', address: vip, device },
    value,
    satisfied: (running) => running.devices.some((each) => holds(each, vip)),
    phase: PHASE.directorVip,
    why: reason('why.director-vip', { vip, device }),
  }
}

/**
 * Wants one entry. A class, since 37,298 of them are made for each plan and nearly all are satisfied: every name is
 * written once, and neither a predicate nor a reason is made before somebody asks.
 */
class EntryWant implements Want {
  readonly clusterId: string
  readonly hostId: string
  readonly item: Item
  readonly name: string
  readonly value: string
  readonly phase = PHASE.entry
  private readonly realServerName: string

  constructor(
    whose: Whose,
    service: ServiceKey,
    private readonly serviceName: string,
    private readonly realServer: DesiredRealServer,
  ) {
    this.clusterId = whose.clusterId
    this.hostId = whose.hostId
    this.item = { kind: 'entry', service, realServer: realServer.key }
    this.realServerName = formatRealServerKey(realServer.key)
    this.name = entryName(serviceName, this.realServerName)
    this.value = joinOptions(realServerOptions(realServer.config))
  }

  /** Asks the table by names: it is compared entry by entry at each plan. */
  satisfied({ ipvs }: Running): boolean {
    if (ipvs.state !== 'present') return false
    const service = indexTable(ipvs.services).get(this.serviceName)
    const found = service?.entries.get(this.realServerName)
    return found !== undefined && joinOptions(realServerOptions(found.config)) === this.value
  }

  get why(): Reason {
    const { config, name } = this.realServer
    const code = config.weight === 0 ? 'why.quiesced' : 'why.entry'
    return reason(code, { name, realServer: this.realServerName, service: this.serviceName })
  }
}

function serviceWants(whose: Whose, { key, config, realServers }: DesiredService): Want[] {
  const item: Item = { kind: 'service', service: key }
  const value = joinOptions(serviceOptions(config))
  const name = formatServiceKey(key)
  const why = reason('why.service', { service: name, scheduler: config.scheduler })
  const want = { item, value, satisfied: exactly(item, value), phase: PHASE.service, why }
  const sorted = [...realServers].sort((a, b) => compareRealServerKeys(a.key, b.key))
  return [
    named(whose, want),
    ...sorted.map((realServer) => new EntryWant(whose, key, name, realServer)),
  ]
}

/** Lists what a director needs before its table: modules, tunnel, VIPs. */
function directorWants(cluster: DesiredCluster): HostWant[] {
  const { directorDevice: device, directorTunnel } = cluster.options
  const vips = [...new Set(cluster.services.flatMap(vipsOf))].sort(compareAddresses)
  const ipvs: Item = { kind: 'module', name: 'ip_vs' }
  const link: Item = { kind: 'link', device: TUNNEL }
  const tunnel = device === TUNNEL || directorTunnel === 'up'
  return [
    ...(tunnel ? [moduleWant(PHASE.directorModule)] : []),
    {
      item: ipvs,
      value: 'loaded',
      satisfied: ({ ipvs: table }) => table.state !== 'absent',
      phase: PHASE.directorModule,
      why: reason('why.ip-vs'),
    },
    ...(directorTunnel === 'up'
      ? [
          {
            item: link,
            value: 'up',
            satisfied: exactly(link, 'up'),
            phase: PHASE.directorLink,
            why: reason('why.director-link'),
          },
        ]
      : []),
    ...vips.map((vip) => directorVipWant(vip, device)),
  ]
}

type Managed = { rip: Address; vips: readonly Address[] }

/** Groups a cluster's managed real servers by host: its RIP and the VIPs that it answers for. */
export const managedRealServers = memo((cluster: DesiredCluster): ReadonlyMap<string, Managed> => {
  const entries = cluster.services.flatMap((service) =>
    service.realServers.flatMap(({ hostId, key: { rip } }) =>
      hostId === undefined ? [] : [{ hostId, rip, vips: vipsOf(service) }],
    ),
  )
  const hosts = [...byHost(entries)].map(([hostId, own]): [string, Managed] => {
    const [rip = ''] = [...new Set(own.map((entry) => entry.rip))].sort(compareAddresses)
    const vips = [...new Set(own.flatMap((entry) => entry.vips))].sort(compareAddresses)
    return [hostId, { rip, vips }]
  })
  return new Map(hosts)
})

/** Finds the RIP of a managed real server that is no address of its host now; nothing can be said of such a host. */
export function lostRip(
  cluster: DesiredCluster,
  hostId: string,
  running: Running,
): Address | undefined {
  const rip = managedRealServers(cluster).get(hostId)?.rip
  return rip === undefined || deviceOf(running, rip) !== undefined ? undefined : rip
}

/** Lists everything that a cluster wants of one host that was read. */
export function wantsOf(cluster: DesiredCluster, hostId: string, running: Running): Want[] {
  const whose: Whose = { clusterId: cluster.id, hostId }
  const wants: Want[] = []
  const realServer = managedRealServers(cluster).get(hostId)
  const lan = realServer && deviceOf(running, realServer.rip)?.name
  // without the RIP on it nothing can be said; refusals name it
  if (realServer !== undefined && lan !== undefined)
    for (const want of realServerWants(cluster, realServer.vips, lan))
      wants.push(named(whose, want))
  const directs = cluster.directors.some((director) => director.hostId === hostId)
  if (!directs || cluster.services.length === 0) return wants
  for (const want of directorWants(cluster)) wants.push(named(whose, want))
  const services = [...cluster.services].sort((a, b) => compareServiceKeys(a.key, b.key))
  for (const service of services) for (const want of serviceWants(whose, service)) wants.push(want)
  return wants
}

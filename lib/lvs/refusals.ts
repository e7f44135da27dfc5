import { familyOf, hostPrefix } from './address'
import { vipsOf } from './cluster'
import { guardRails } from './guard-rails'
import { effective, findDevice, findService, holds } from './item-value'
import type { Item } from './ledger'
import { memo } from './memo'
import type { Refusal } from './plan'
import type { HostPlan, Planning } from './plan-world'
import { reason } from './reason'
import { foreignEntries } from './removals'
import { formatRealServerKey, formatServiceKey } from './service'
import { deviceOf, managedRealServers, TUNNEL, type Want } from './wants'

type Rule = (planning: Planning, host: HostPlan) => Refusal[]

const refuse = (host: HostPlan, code: string, values: Record<string, string | number> = {}) => ({
  hostId: host.host.id,
  why: reason(`refusal.${code}`, { host: host.host.name, ...values }),
})

/** Whoever else owns IPVS on a host would write over what we write. */
const otherOwner: Rule = (_, host) =>
  host.running.owners.map((owner) =>
    refuse(host, 'owned', { owner: owner.name, evidence: owner.evidence }),
  )

const hasTable = ({ rows }: HostPlan): boolean =>
  [...rows.values()].some(({ item }) => item.kind === 'service' || item.kind === 'entry')

const mayAct: Rule = (_, host) => {
  if (host.running.privilege === 'none') return [refuse(host, 'no-privilege')]
  const table = host.running.ipvs
  if (table.state !== 'denied' || !(isDirector(host) || hasTable(host))) return []
  return [refuse(host, 'denied', { why: String(table.why.values.text ?? table.why.code) })]
}

type ServiceWant = Want & { item: { kind: 'service' } }

const servicesOf = memo(({ wants }: HostPlan): readonly ServiceWant[] =>
  wants.filter((want): want is ServiceWant => want.item.kind === 'service'),
)

const isDirector = (host: HostPlan): boolean => servicesOf(host).length > 0

const isRealServer = (planning: Planning, host: HostPlan): boolean =>
  planning.cluster !== undefined && managedRealServers(planning.cluster).has(host.host.id)

const toolsAndModules: Rule = (_, host) => {
  const { tools, missingModules } = host.running
  const needed = new Set(host.steps.map(({ argv }) => argv[0]))
  const absent = tools.includes('ipvsadm') || !needed.has('ipvsadm')
  const missing = host.steps.flatMap(({ item, after }) =>
    item?.kind === 'module' && after !== undefined && missingModules.includes(item.name)
      ? [refuse(host, 'module-missing', { module: item.name })]
      : [],
  )
  return [...(absent ? [] : [refuse(host, 'no-ipvsadm')]), ...missing]
}

/** Without flock(1) nobody could keep two Tunboards apart on the host itself. */
const noFence: Rule = (_, host) =>
  host.steps.some(({ argv }) => argv.length > 0) && !host.running.tools.includes('flock')
    ? [refuse(host, 'no-flock')]
    : []

/** arp_ignore=1 on a director ends its answers for the VIP: a total outage (LVS-TUN facts, 2.2). */
const arpOnDirector: Rule = (planning, host) => {
  if (!isRealServer(planning, host)) return []
  const directed = planning.world.clusters.filter(({ directors }) =>
    directors.some(({ hostId }) => hostId === host.host.id),
  )
  const table = host.running.ipvs
  const [service] = table.state === 'present' ? table.services : []
  if (directed.length > 0) {
    const clusters = directed.map(({ name }) => name).join(', ')
    return [refuse(host, 'real-server-is-director', { clusters })]
  }
  if (service === undefined) return []
  return [refuse(host, 'real-server-balances', { service: formatServiceKey(service.key) })]
}

const quietDirector: Rule = (planning, host) => {
  if (!isDirector(host) || isRealServer(planning, host)) return []
  const dip = planning.cluster?.directors.find(({ hostId }) => hostId === host.host.id)?.dip
  const lan = dip === undefined ? undefined : deviceOf(host.running, dip)
  if (lan === undefined) return [refuse(host, 'dip-not-here', { dip: dip ?? '-' })]
  const onLan = (vip: string) => holds(lan, vip)
  const hidden = (planning.cluster?.services ?? []).flatMap(vipsOf).filter((vip) => !onLan(vip))
  const value = effective(host.running, lan.name, 'arp_ignore')
  if (value < 1 || hidden.length === 0) return []
  return [refuse(host, 'director-arp-ignore', { device: lan.name, value })]
}

/** A device by choice must be there; tunl0 comes with its module. */
const deviceIsHere: Rule = ({ cluster }, host) => {
  const device = cluster?.options.directorDevice
  if (device === undefined || device === TUNNEL || !isDirector(host)) return []
  return findDevice(host.running, device) === undefined
    ? [refuse(host, 'device-not-here', { device })]
    : []
}

const ripIsHere: Rule = (planning, host) => {
  const own = planning.cluster && managedRealServers(planning.cluster).get(host.host.id)
  if (own === undefined || deviceOf(host.running, own.rip) !== undefined) return []
  return [refuse(host, 'rip-not-here', { rip: own.rip })]
}

const clusterVips = memo(
  ({ cluster }: Planning): ReadonlySet<string> =>
    new Set((cluster?.services ?? []).flatMap(vipsOf)),
)

/**
 * A service on an address that the director lives by works, where the director holds it and the plan does not touch it:
 * a person may accept that. Never on a real server: it would hold the address on its tunnel, silent on the segment. And
 * never where a service takes every port, a mark or the port of SSH: nobody could log in any more.
 */
function mayServe({ cluster }: Planning, { host, running, steps }: HostPlan, vip: string): boolean {
  const directs = cluster?.directors.some(({ hostId }) => hostId === host.id) === true
  const untouched = steps.every(({ item }) => item?.kind !== 'address' || item.address !== vip)
  const takesLogin = (cluster?.services ?? []).some(
    ({ key, vips }) =>
      (key.kind === 'fwmark' && vips.includes(vip)) ||
      (key.kind === 'address' && key.vip === vip && [0, host.port ?? key.port].includes(key.port)),
  )
  return directs && untouched && !takesLogin && deviceOf(running, vip) !== undefined
}

function hostAddress(planning: Planning, host: HostPlan, vip: string, device: string): Refusal {
  if (!mayServe(planning, host, vip)) return refuse(host, 'vip-is-host-address', { vip, device })
  return {
    ...refuse(host, 'vip-is-director-address', { vip, device }),
    override: `vip-is-director-address ${host.host.id} ${vip}`,
  }
}

/** An address that Tunboard itself put there may be what it manages the host by: taking it off cuts the host off. */
const staysReachable: Rule = (_, host) =>
  host.steps.flatMap(({ item, change }) =>
    item?.kind === 'address' && change === 'remove' && item.address === host.host.address
      ? [refuse(host, 'host-address-goes', { address: item.address, device: item.device })]
      : [],
  )

/** The VIP must not be an address that the host is managed by or lives with: taking it off would cut it off. */
const vipIsFree: Rule = (planning, host) =>
  [...clusterVips(planning)].flatMap((vip) => {
    const holder = deviceOf(host.running, vip)
    const held = holder?.addresses.find(({ address }) => address === vip)
    const wide = held !== undefined && held.prefixLength !== hostPrefix(vip)
    if (vip === host.host.address || (wide && holder?.addresses[0] === held))
      return [hostAddress(planning, host, vip, holder?.name ?? '-')]
    const tunnel = findDevice(host.running, TUNNEL)?.addresses.find(
      ({ address }) => address === vip,
    )
    if (tunnel === undefined || tunnel.prefixLength === hostPrefix(vip)) return []
    return [refuse(host, 'vip-prefix', { vip, prefix: tunnel.prefixLength })]
  })

/** Somebody else on the segment answers ARP for a VIP that the plan puts on a director: clients would find either. */
const answersElsewhere: Rule = ({ world }, host) =>
  (world.arpAnswers ?? [])
    .filter(({ hostId }) => hostId === host.host.id)
    .filter(({ vip }) => addsVip(host, vip))
    .map(({ vip, mac }) => ({
      ...refuse(host, 'vip-answers-elsewhere', { vip, mac }),
      override: `vip-answers-elsewhere ${host.host.id} ${vip}`,
    }))

const addsVip = ({ steps }: HostPlan, vip: string): boolean =>
  steps.some(
    ({ item, change }) => item?.kind === 'address' && item.address === vip && change === 'add',
  )

const foreignService: Rule = (_, host) =>
  servicesOf(host)
    .filter(({ item, name }) => findService(host.running, item.service) && !host.rows.has(name))
    .map(({ item }) => refuse(host, 'foreign-service', { service: formatServiceKey(item.service) }))

/** Deleting a service deletes every entry in it, also one that somebody else put there. */
const holdsForeign: Rule = (_, host) =>
  host.steps.flatMap(({ item, change }) => {
    if (item?.kind !== 'service' || change !== 'remove') return []
    const foreign = foreignEntries(host, item.service)
    if (foreign.length === 0) return []
    const entries = foreign.map(formatRealServerKey).join(', ')
    return [refuse(host, 'holds-foreign', { service: formatServiceKey(item.service), entries })]
  })

const unreadableTouches: Rule = (_, host) => {
  const table = host.running.ipvs
  if (table.state !== 'present' || !isDirector(host)) return []
  return table.unreadable
    .filter((line) => /^-[aAeE] /.test(line))
    .filter((line) => servicesOf(host).some(({ item }) => names(line, item)))
    .map((line) => refuse(host, 'unreadable', { line }))
}

const names = (line: string, item: Item & { kind: 'service' }): boolean =>
  item.service.kind === 'address' && line.includes(`${item.service.vip}:${item.service.port}`)

const RULES: readonly Rule[] = [
  otherOwner,
  mayAct,
  toolsAndModules,
  noFence,
  arpOnDirector,
  quietDirector,
  deviceIsHere,
  ripIsHere,
  vipIsFree,
  staysReachable,
  answersElsewhere,
  foreignService,
  holdsForeign,
  unreadableTouches,
]

/** Two directors of one VIP on one network both answer ARP for it; agreement between them comes later. */
function secondDirector({ cluster, world }: Planning): Refusal[] {
  if (cluster === undefined || cluster.services.length === 0) return []
  const vips = new Set(cluster.services.flatMap(vipsOf))
  const own = new Set(cluster.directors.map(({ hostId }) => hostId))
  const rivals = world.clusters
    .filter(({ id, services }) => id !== cluster.id && services.some((s) => shares(s, vips)))
    .flatMap(({ directors }) => directors)
    .filter(({ hostId }) => !own.has(hostId))
  const all = own.size > 1 ? [...cluster.directors, ...rivals] : rivals
  if (all.length === 0) return []
  const directors = [...new Set(all.map(({ name }) => name))].sort().join(', ')
  return [{ why: reason('refusal.second-director', { vips: [...vips].join(', '), directors }) }]
}

const shares = (service: Parameters<typeof vipsOf>[0], vips: Set<string>): boolean =>
  vipsOf(service).some((vip) => vips.has(vip))

/** What the types allow and the planner does not prepare yet on a host that it manages. */
function unsupported({ cluster }: Planning): Refusal[] {
  return (cluster?.services ?? []).flatMap((service) => [
    ...vipsOf(service)
      .filter((vip) => familyOf(vip) === 6)
      .map((vip) => ({ why: reason('refusal.ipv6', { vip }) })),
    ...service.realServers
      .filter(({ hostId, config: { forwarding } }) => {
        const ipip = forwarding.method === 'tunnel' && forwarding.tunnel.type === 'ipip'
        return hostId !== undefined && !ipip
      })
      .map(({ name }) => ({ why: reason('refusal.forwarding', { realServer: name }) })),
  ])
}

/** Lists every reason why this plan must not run, host by host. */
export function planRefusals(planning: Planning): Refusal[] {
  const perHost = planning.hosts.flatMap((host) => RULES.flatMap((rule) => rule(planning, host)))
  return [
    ...secondDirector(planning),
    ...unsupported(planning),
    ...perHost,
    ...guardRails(planning),
  ]
}

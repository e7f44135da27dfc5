import { vipsOf } from './cluster'
import { findDevice, findService, itemValue } from './item-value'
import { formatItem, type Item, type LedgerRow } from './ledger'
import { memo } from './memo'
import type { HostPlan, Planning } from './plan-world'
import { type Reason, reason } from './reason'
import {
  formatRealServerKey,
  formatServiceKey,
  type RealServerKey,
  type ServiceKey,
  sameService,
} from './service'
import { indexRips } from './table-index'
import { TUNNEL } from './wants'

/** Tells whether an entry takes new connections, by its options. */
export const takesConnections = (value: string | undefined): boolean =>
  value !== undefined && !/ -w 0(?= |$)/.test(value)

/** The value of an entry after the plan's steps so far; entries are not part of `after` (item-change.ts). */
function plannedValue(host: HostPlan, item: Item): string | undefined {
  const step = host.changes.get(formatItem(item))
  return step === undefined ? itemValue(host.running, item) : step.after
}

/** Tells whether a service would be left with nobody who takes connections if one entry took none any more. */
export function wouldEmpty(host: HostPlan, item: Item & { kind: 'entry' }): boolean {
  if (!takesConnections(plannedValue(host, item))) return false
  const running = findService(host.running, item.service)?.realServers.map(({ key }) => key) ?? []
  const planned = host.steps.flatMap((step) =>
    step.item?.kind === 'entry' && sameService(step.item.service, item.service)
      ? [step.item.realServer]
      : [],
  )
  return ![...running, ...planned]
    .filter((key) => formatRealServerKey(key) !== formatRealServerKey(item.realServer))
    .some((realServer) => takesConnections(plannedValue(host, { ...item, realServer })))
}

/**
 * Says why the last entry of a live service stays for now: the one that is to take its place waits for a host that
 * cannot be read. A service goes only when nothing of its cluster waits.
 */
export function waitsForSuccessor(
  { short, cluster }: Planning,
  host: HostPlan,
  item: Item,
): Reason | undefined {
  if (short.size === 0 || (cluster?.services ?? []).length === 0) return undefined
  if (item.kind === 'service')
    return reason('wait.successor', { item: formatServiceKey(item.service) })
  if (item.kind !== 'entry' || !wouldEmpty(host, item)) return undefined
  return reason('wait.successor', { item: formatRealServerKey(item.realServer) })
}

/** The VIPs of a cluster: those that it wants, and those that the ledger remembers of it. */
export const vipsOfCluster = memo(({ cluster, world }: Planning): ReadonlySet<string> => {
  const remembered = world.ledger
    .filter(({ clusters }) => clusters.includes(world.clusterId))
    .flatMap(({ item }) =>
      item.kind === 'entry' && item.service.kind === 'address' ? [item.service.vip] : [],
    )
  return new Set([...(cluster?.services ?? []).flatMap(vipsOf), ...remembered])
})

/** The VIPs that any cluster wants. */
const desiredVips = memo(
  ({ world }: Planning): ReadonlySet<string> =>
    new Set(world.clusters.flatMap(({ services }) => services.flatMap(vipsOf))),
)

/** Tells whether a service and entry of a director send tunnelled packets for a VIP to one of these addresses. */
const sendsTo =
  (planning: Planning, vip: string, rips: readonly string[]) =>
  (service: ServiceKey, { rip }: RealServerKey): boolean =>
    rips.includes(rip) &&
    (service.kind === 'address'
      ? service.vip === vip
      : (planning.cluster?.services ?? []).some(
          (each) => sameService(each.key, service) && vipsOf(each).includes(vip),
        ))

/** Says which director still sends packets for a VIP to one of these addresses after the plan, or may. */
export function stillSent(
  planning: Planning,
  vip: string,
  rips: readonly string[],
): Reason | undefined {
  const sends = sendsTo(planning, vip, rips)
  const { ledger } = planning.world
  const remembers = (hostId: string) =>
    ledger.some(
      ({ hostId: owner, item }) =>
        owner === hostId && item.kind === 'entry' && sends(item.service, item.realServer),
    )
  const unread = [
    ...planning.unreachable.map(({ host }) => host),
    ...planning.hosts
      .filter(({ running }) => running.ipvs.state === 'denied')
      .map(({ host }) => host),
  ].find(({ id }) => remembers(id))
  if (unread !== undefined) return reason('debt.director-unread', { director: unread.name })
  for (const host of planning.hosts) {
    if (host.running.ipvs.state !== 'present') continue
    const byRip = indexRips(host.running.ipvs.services)
    const left = rips
      .flatMap((rip) => byRip.get(rip) ?? [])
      .find(({ service, entry }) => sends(service, entry.key) && !isGoing(host, service, entry.key))
    if (left === undefined) continue
    const values = { director: host.host.name, service: formatServiceKey(left.service) }
    return reason('debt.entry-left', values)
  }
  return undefined
}

function isGoing({ changes }: HostPlan, service: ServiceKey, realServer: RealServerKey): boolean {
  const goes = (item: Item) => {
    const step = changes.get(formatItem(item))
    return step !== undefined && step.after === undefined
  }
  return goes({ kind: 'entry', service, realServer }) || goes({ kind: 'service', service })
}

/** Says which service of a director still needs a VIP on a device after the plan; somebody else's counts too. */
function stillServed(host: HostPlan, vip: string, device: string): string | undefined {
  const { ipvs } = host.running
  const elsewhere = host.after.devices.some(
    ({ name, addresses }) => name !== device && addresses.some(({ address }) => address === vip),
  )
  if (ipvs.state !== 'present' || elsewhere) return undefined
  const left = ipvs.services.find(
    ({ key }) =>
      key.kind === 'address' &&
      key.vip === vip &&
      host.changes.get(formatItem({ kind: 'service', service: key }))?.change !== 'remove',
  )
  return left === undefined ? undefined : formatServiceKey(left.key)
}

/** The addresses on the tunnel that are ours or wanted; any other is somebody else's. */
const knownOnTunnel = memo(({ rows, wants, others }: HostPlan): ReadonlySet<string> => {
  const items = [...rows.values(), ...wants, ...others].map(({ item }) => item)
  return new Set(
    items.flatMap((item) =>
      item.kind === 'address' && item.device === TUNNEL ? [item.address] : [],
    ),
  )
})

const isKnown = (host: HostPlan, address: string): boolean => knownOnTunnel(host).has(address)

/** An address of ours that waits on the tunnel would go with its module. */
function tunnelInUse(host: HostPlan, module: string): Reason | undefined {
  const ours = findDevice(host.after, TUNNEL)?.addresses.find(({ address }) =>
    isKnown(host, address),
  )
  if (module !== 'ipip' || ours === undefined) return undefined
  const users = [...host.wants, ...host.others].some(
    ({ item }) => item.kind === 'address' && item.device === TUNNEL,
  )
  return users ? undefined : reason('wait.tunnel-in-use', { vip: ours.address })
}

const isArp = (item: Item): boolean =>
  item.kind === 'sysctl' && /\.arp_(ignore|announce)$/.test(item.key)

/**
 * Says why a row stays in the ledger for now although its cluster does not want it: something still stands on it that
 * a later plan will see gone.
 */
export function holdReason(planning: Planning, host: HostPlan, row: LedgerRow): Reason | undefined {
  const { item } = row
  const waits = waitsForSuccessor(planning, host, item)
  if (waits !== undefined) return waits
  if (item.kind === 'address') {
    const service = stillServed(host, item.address, item.device)
    if (service === undefined) return undefined
    return reason('wait.vip-in-use', { vip: item.address, service })
  }
  if (item.kind === 'module') return tunnelInUse(host, item.name)
  if (!isArp(item) || [...host.wants, ...host.others].some((want) => isArp(want.item)))
    return undefined // wanted here: users of the row are counted
  const wanted = desiredVips(planning)
  const held = host.after.devices
    .flatMap(({ addresses }) => addresses)
    .find(({ address }) => wanted.has(address))
  return held && reason('wait.arp-vip', { vip: held.address })
}

/** Somebody else's address is on the tunnel. */
const isUsedByOthers = (host: HostPlan): boolean =>
  findDevice(host.after, TUNNEL)?.addresses.some(({ address }) => !isKnown(host, address)) === true

/** Says why an item of ours must stay for good as it is, so that the ledger forgets it. */
export function keepReason(host: HostPlan, { item, written }: LedgerRow): Reason | undefined {
  if (item.kind === 'sysctl') {
    const now = itemValue(host.after, item)
    const values = { item: formatItem(item), now: now ?? '-' }
    return now === written ? undefined : reason('note.changed-since', values)
  }
  if (item.kind === 'link')
    return isUsedByOthers(host) ? reason('note.link-in-use', { device: item.device }) : undefined
  if (item.kind !== 'module') return undefined
  if (item.name !== 'ipip') return reason('note.module-stays', { module: item.name })
  return tunnelStays(host)
}

function tunnelStays(host: HostPlan): Reason | undefined {
  const { devices } = host.after
  const other = devices.find(({ kind, name }) => kind === 'ipip' && name !== TUNNEL)
  if (other !== undefined) return reason('note.ipip-in-use', { device: other.name })
  if (!isUsedByOthers(host) && findDevice(host.after, TUNNEL)?.up !== true) return undefined
  return reason('note.ipip-in-use', { device: TUNNEL })
}

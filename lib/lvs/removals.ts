import { vipsOf } from './cluster'
import { commandFor, withValue } from './item-change'
import { findDevice, findEntry, findService, itemValue } from './item-value'
import { formatItem, type Item, type LedgerRow } from './ledger'
import { addStep, subjectOf } from './plan-additions'
import { type HostPlan, type Planning, sameItem, unwantedRows } from './plan-world'
import { type Reason, reason } from './reason'
import { formatServiceKey, type RealServerKey, type ServiceKey, sameService } from './service'
import { TUNNEL } from './wants'

/** The order in which things come down: the director's table first, then addresses, sysctls, devices, modules. */
const DOWN: Record<Item['kind'], number> = {
  entry: 30,
  service: 31,
  address: 40,
  sysctl: 41,
  link: 42,
  module: 43,
  file: 44,
}

/** A module's own parameters must go back before a device or module goes; the tunnel's before `all`. */
const rowOrder = (a: LedgerRow, b: LedgerRow): number => {
  const byKind = DOWN[a.item.kind] - DOWN[b.item.kind]
  return byKind || (formatItem(a.item) < formatItem(b.item) ? -1 : 1)
}

/** Names the clusters that would lose what they have now if a row were put back; its own one too. */
function breaks(host: HostPlan, row: LedgerRow): string[] {
  const changed = withValue(host.after, row.item, row.before)
  const hurt = [...host.wants, ...host.others].filter(
    (want) =>
      sameItem(want.item, row.item) || (want.satisfied(host.after) && !want.satisfied(changed)),
  )
  return [...new Set(hurt.map(({ clusterId }) => clusterId))].sort()
}

/** Tells whether an address on the tunnel is ours or wanted; any other is somebody else's. */
const isKnown = ({ rows, wants, others }: HostPlan, address: string): boolean =>
  [...rows, ...wants, ...others].some(
    ({ item }) => item.kind === 'address' && item.address === address && item.device === TUNNEL,
  )

/** Says why an item of ours must stay as it is although nobody wants it any more. */
function keepReason(host: HostPlan, row: LedgerRow): Reason | undefined {
  const { item, written } = row
  const now = itemValue(host.after, item)
  const changed = now !== written && item.kind === 'sysctl'
  if (changed) return reason('note.changed-since', { item: formatItem(item), now: now ?? '-' })
  const tunnel = findDevice(host.after, TUNNEL)
  const inUse = tunnel?.addresses.some(({ address }) => !isKnown(host, address)) === true
  if (item.kind === 'link' && inUse) return reason('note.link-in-use', { device: item.device })
  if (item.kind !== 'module') return undefined
  if (item.name !== 'ipip') return reason('note.module-stays', { module: item.name })
  const others = host.after.devices.filter(({ kind, name }) => kind === 'ipip' && name !== TUNNEL)
  const [other] = others
  if (other !== undefined) return reason('note.ipip-in-use', { device: other.name })
  if (inUse || tunnel?.up === true) return reason('note.ipip-in-use', { device: TUNNEL })
  return undefined
}

function restore(host: HostPlan, row: LedgerRow): void {
  const { item, before } = row
  const now = itemValue(host.after, item)
  const argv = commandFor(item, now, before)
  if (argv === undefined) return
  const undo = commandFor(item, before, now)
  const active =
    item.kind === 'entry'
      ? findEntry(host.running, item.service, item.realServer)?.active
      : undefined
  addStep(host, {
    kind: item.kind,
    change: before === undefined || item.kind === 'link' ? 'remove' : 'edit',
    item,
    subject: subjectOf(item),
    ...(now === undefined ? {} : { before: now }),
    ...(before === undefined ? {} : { after: before }),
    argv,
    ...(undo === undefined ? {} : { undo }),
    why: reason(`why.remove-${item.kind}`, { item: subjectOf(item) }),
    ...(active === undefined ? {} : { connections: active }),
    phase: phaseOf(host, row),
  })
  host.after = withValue(host.after, item, before)
}

/** Directors come down before real servers, so their addresses too. */
function phaseOf(host: HostPlan, { item }: LedgerRow): number {
  const director = host.rows.some((row) => row.item.kind === 'service')
  const early = director && DOWN[item.kind] >= 40 ? 8 : 0 // 32 to 35, after its table
  return DOWN[item.kind] - early
}

/** Entries that still send tunnelled packets for a VIP to one of these addresses after the plan. */
function stillSent(planning: Planning, vip: string, rips: readonly string[]): Reason | undefined {
  const serves = (service: ServiceKey, { rip }: RealServerKey) =>
    rips.includes(rip) &&
    (service.kind === 'address'
      ? service.vip === vip
      : (planning.cluster?.services ?? []).some(
          (each) => sameService(each.key, service) && vipsOf(each).includes(vip),
        ))
  for (const { host } of planning.unreachable) {
    const row = planning.world.ledger.find(
      ({ hostId, item }) =>
        hostId === host.id && item.kind === 'entry' && serves(item.service, item.realServer),
    )
    if (row !== undefined) return reason('debt.director-unread', { director: host.name })
  }
  for (const host of planning.hosts) {
    if (host.running.ipvs.state !== 'present') continue
    for (const { key, realServers } of host.running.ipvs.services) {
      const left = realServers.find(
        (entry) => serves(key, entry.key) && !isGoing(host, key, entry.key),
      )
      if (left !== undefined)
        return reason('debt.entry-left', {
          director: host.host.name,
          service: formatServiceKey(key),
        })
    }
  }
  return undefined
}

function isGoing(host: HostPlan, service: ServiceKey, realServer: RealServerKey): boolean {
  const entry: Item = { kind: 'entry', service, realServer }
  return host.steps.some(
    ({ item, after }) =>
      after === undefined &&
      item !== undefined &&
      (sameItem(item, entry) || (item.kind === 'service' && sameService(item.service, service))),
  )
}

/** Decides what becomes of a row that the cluster does not want any more; a step only where one is needed. */
function removeRow(planning: Planning, host: HostPlan, row: LedgerRow): void {
  const { item } = row
  const { id: hostId, name: hostName } = host.host
  const now = itemValue(host.after, item)
  const gone = now === row.before || now === undefined
  const users = gone ? [] : breaks(host, row)
  const keep = gone || users.length > 0 ? undefined : keepReason(host, row)
  if (!gone && users.length === 0 && keep === undefined) {
    restore(host, row)
    return
  }
  if (keep !== undefined) planning.notes.push({ hostId, hostName, why: keep })
  planning.bookkeeping.push({ hostId, item, clusters: users })
}

/** Holds a real server's clean-up back while a director may still send to it. */
function heldBack(planning: Planning, host: HostPlan, rows: readonly LedgerRow[]): boolean {
  const rips = host.running.devices.flatMap(({ addresses }) => addresses.map((a) => a.address))
  for (const { item } of rows) {
    if (item.kind !== 'address' || host.rows.some((row) => row.item.kind === 'service')) continue
    const why = stillSent(planning, item.address, rips)
    if (why === undefined) continue
    const items = rows.map((row) => row.item)
    planning.debts.push({ hostId: host.host.id, hostName: host.host.name, items, why })
    return true
  }
  return false
}

/** Adds the steps down: directors first, then real servers; what unreachable hosts still hold becomes a debt. */
export function planRemovals(planning: Planning): void {
  const down = planning.hosts.map((host) => ({
    host,
    rows: unwantedRows(planning, host).sort(rowOrder),
  }))
  for (const { host, rows } of down)
    for (const row of rows) if (DOWN[row.item.kind] < 40) removeRow(planning, host, row)
  for (const { host, rows } of down) {
    const rest = rows.filter(({ item }) => DOWN[item.kind] >= 40)
    if (heldBack(planning, host, rest)) continue
    for (const row of rest) removeRow(planning, host, row)
  }
  planDebts(planning)
}

function planDebts(planning: Planning): void {
  const { cluster, world } = planning
  for (const { host, state } of planning.unreachable) {
    const desired =
      cluster?.directors.some(({ hostId }) => hostId === host.id) === true ||
      cluster?.services.some(({ realServers }) =>
        realServers.some(({ hostId }) => hostId === host.id),
      ) === true
    const rows = world.ledger.filter(
      ({ hostId, clusters }) => hostId === host.id && clusters.includes(world.clusterId),
    )
    if (desired || rows.length === 0) continue
    const items = rows.sort(rowOrder).map(({ item }) => item)
    planning.debts.push({ hostId: host.id, hostName: host.name, items, why: state.unreachable })
  }
}

/** Lists entries in a service of ours that are not in the ledger: foreign, shown, left alone. */
export function foreignEntries(host: HostPlan, service: ServiceKey): RealServerKey[] {
  const found = findService(host.running, service)?.realServers ?? []
  return found
    .map(({ key }) => key)
    .filter((realServer) => {
      const item: Item = { kind: 'entry', service, realServer }
      const known = host.rows.some((row) => sameItem(row.item, item))
      return !known && !host.wants.some((want) => sameItem(want.item, item))
    })
}

import { commandFor, withValue } from './item-change'
import { findEntry, findService, itemValue } from './item-value'
import { holdReason, keepReason, stillSent, vipsOfCluster } from './keep'
import { formatItem, type Item, type LedgerRow } from './ledger'
import { memo } from './memo'
import { addStep, subjectOf } from './plan-additions'
import type { HostPlan, Planning } from './plan-world'
import { reason } from './reason'
import type { RealServerKey, ServiceKey } from './service'

/** The order in which things come down: the director's table first, then addresses, sysctls, devices, modules. */
const DOWN: Record<Item['kind'], number> = {
  entry: 30,
  service: 31,
  address: 40,
  sysctl: 41,
  link: 42,
  module: 43,
  file: 44,
  unit: 45,
}

/** Sorts by kind, within one by name: each name is written once, not at each comparison. */
function inDownOrder(rows: readonly LedgerRow[]): LedgerRow[] {
  return rows
    .map((row) => ({ row, down: DOWN[row.item.kind], name: formatItem(row.item) }))
    .sort((a, b) => a.down - b.down || (a.name < b.name ? -1 : 1))
    .map(({ row }) => row)
}

/** What is in a director's table stands on nothing but the table, and that is not thought through (item-change.ts). */
const inTable = ({ kind }: Item): boolean => kind === 'service' || kind === 'entry'

/** Names the clusters that would lose what they have now if a row were put back. */
function hurtBy(host: HostPlan, { item, before }: LedgerRow): string[] {
  if (inTable(item)) return []
  const changed = withValue(host.after, item, before)
  return [...host.wants, ...host.others]
    .filter((want) => !inTable(want.item))
    .filter((want) => want.satisfied(host.after) && !want.satisfied(changed))
    .map(({ clusterId }) => clusterId)
}

/** Which other clusters want an item, by the item's name; what ours wants is not up for removal. */
const wantedBy = memo(({ others }: HostPlan): ReadonlyMap<string, readonly string[]> => {
  const clusters = new Map<string, string[]>()
  for (const { name, clusterId } of others) {
    const known = clusters.get(name)
    if (known === undefined) clusters.set(name, [clusterId])
    else known.push(clusterId)
  }
  return clusters
})

/**
 * Names the clusters that still use a row: those that the ledger names beside ours, until their own plan releases it,
 * and those that want it or would lose what they have now if it were put back; our own one too.
 */
function usersOf({ world }: Planning, host: HostPlan, row: LedgerRow): string[] {
  const named = row.clusters.filter((id) => id !== world.clusterId)
  const wanting = wantedBy(host).get(formatItem(row.item)) ?? []
  return [...new Set([...named, ...wanting, ...hurtBy(host, row)])].sort()
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
  const early = host.directs && DOWN[item.kind] >= 40 ? 8 : 0 // 32 to 35, after its table
  return DOWN[item.kind] - early
}

/** Nobody could read the table: what it holds of ours is unknown, not gone; refusals.ts says so. */
const isUnknown = (host: HostPlan, { kind }: Item): boolean =>
  (kind === 'entry' || kind === 'service') && host.running.ipvs.state === 'denied'

/** Decides what becomes of a row that the cluster does not want any more; a step only where one is needed. */
function removeRow(planning: Planning, host: HostPlan, row: LedgerRow): void {
  const { item } = row
  const { id: hostId, name: hostName } = host.host
  if (isUnknown(host, item)) return
  const now = itemValue(host.after, item)
  const gone = now === row.before || now === undefined
  const users = gone ? [] : usersOf(planning, host, row)
  const hold = gone || users.length > 0 ? undefined : holdReason(planning, host, row)
  if (hold !== undefined) {
    planning.debts.push({ hostId, hostName, items: [item], why: hold })
    return
  }
  const keep = gone || users.length > 0 ? undefined : keepReason(host, row)
  if (!gone && users.length === 0 && keep === undefined) {
    restore(host, row)
    return
  }
  if (keep !== undefined) planning.notes.push({ hostId, hostName, why: keep })
  planning.bookkeeping.push({ hostId, item, clusters: users })
}

/** Holds a real server's clean-up back while a director may still send to it for a VIP that it holds. */
function heldBack(planning: Planning, host: HostPlan, rows: readonly LedgerRow[]): boolean {
  if (rows.length === 0 || host.directs) return false
  const held = host.running.devices.flatMap(({ addresses }) => addresses.map((a) => a.address))
  const vips = vipsOfCluster(planning)
  for (const address of held) {
    const why = vips.has(address) ? stillSent(planning, address, held) : undefined
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
    rows: inDownOrder(host.unwanted),
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
    const items = inDownOrder(rows).map(({ item }) => item)
    planning.debts.push({ hostId: host.id, hostName: host.name, items, why: state.unreachable })
  }
}

/** Lists entries in a service of ours that are not in the ledger: foreign, shown, left alone. */
export function foreignEntries(host: HostPlan, service: ServiceKey): RealServerKey[] {
  const found = findService(host.running, service)?.realServers ?? []
  return found
    .map(({ key }) => key)
    .filter((realServer) => {
      const name = formatItem({ kind: 'entry', service, realServer })
      return !host.rows.has(name) && !host.wanted.has(name)
    })
}

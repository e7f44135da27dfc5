import type { Address } from './address'
import { byHost } from './by-host'
import type { DesiredCluster } from './cluster'
import type { Ignored } from './drift'
import { formatItem, type LedgerRow } from './ledger'
import type { Bookkeeping, Debt, Note, Step } from './plan'
import type { HostRef, HostState, Running } from './running'
import { managedRealServers, type Want, wantsOf } from './wants'

/** Somebody else on a director's segment who holds a VIP, by the MAC address that answered. */
export type ArpAnswer = { hostId: string; vip: Address; mac: string }

/** Everything that the planner looks at. */
export type World = {
  /** The cluster to plan; it may be gone from `clusters` (deleted), then only its rows are put back. */
  clusterId: string
  /** Every cluster as desired, not only this one: hosts are shared. */
  clusters: readonly DesiredCluster[]
  /** The hosts that `hostsOf` names, each read just now or with the reason why not. */
  hosts: readonly HostState[]
  /** The ledger's rows of every host. */
  ledger: readonly LedgerRow[]
  /** "Add anyway": entries are added without asking first whether RIP:port answers. */
  skipChecks?: boolean
  /** Who answered ARP for a VIP when a director asked for it, before the plan puts it there. */
  arpAnswers?: readonly ArpAnswer[]
  /** Drift that a person set aside: it stays as it is, as long as it is as he saw it. */
  ignored?: readonly Ignored[]
}

/** One host that was read, while the plan is made: `after` is what it would be so far. */
export type HostPlan = {
  host: HostRef
  running: Running
  after: Running
  wants: readonly Want[]
  /** The names of the items that this cluster wants. */
  wanted: ReadonlySet<string>
  /** What this cluster has on the host and does not want any more, in the order of names. */
  unwanted: readonly LedgerRow[]
  /** What all other clusters want of the same host: nothing of that may break. */
  others: readonly Want[]
  /** What is ours on the host, by the item's name. */
  rows: ReadonlyMap<string, LedgerRow>
  /** It has a service of ours: it is a director, whatever is desired now. */
  directs: boolean
  steps: Step[]
  /** The last step on each item, by the item's name; addStep keeps it. */
  changes: Map<string, Step>
}

/** A plan in the making. */
export type Planning = {
  world: World
  cluster: DesiredCluster | undefined
  hosts: HostPlan[]
  unreachable: { host: HostRef; state: HostState & { running?: never } }[]
  debts: Debt[]
  waiting: Note[]
  notes: Note[]
  bookkeeping: Bookkeeping[]
  /** Services for which an entry waits for a host that cannot be read, by formatServiceKey. */
  short: Set<string>
}

/** Names every host that a cluster's plan must read: its directors, real servers, and where the ledger has it. */
export function hostsOf(
  clusterId: string,
  clusters: readonly DesiredCluster[],
  ledger: readonly LedgerRow[],
): string[] {
  const cluster = clusters.find(({ id }) => id === clusterId)
  const desired =
    cluster === undefined
      ? []
      : [...cluster.directors.map(({ hostId }) => hostId), ...managedRealServers(cluster).keys()]
  const hosts = new Set(desired)
  for (const row of ledger) if (row.clusters.includes(clusterId)) hosts.add(row.hostId)
  return [...hosts].sort()
}

const byText =
  <T>(text: (value: T) => string) =>
  (a: T, b: T): number =>
    text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0

function hostPlan(
  { clusterId }: World,
  host: HostRef,
  running: Running,
  all: readonly Want[],
  ledger: readonly LedgerRow[],
): HostPlan {
  const wants = all.filter((want) => want.clusterId === clusterId)
  const wanted = new Set(wants.map(({ name }) => name))
  const rows = new Map<string, LedgerRow>()
  for (const row of ledger) rows.set(formatItem(row.item), row)
  const unwanted: { name: string; row: LedgerRow }[] = []
  for (const [name, row] of rows)
    if (row.clusters.includes(clusterId) && !wanted.has(name)) unwanted.push({ name, row })
  return {
    ...{ host, running, after: running, wants, wanted, rows },
    unwanted: unwanted.sort(byText(({ name }) => name)).map(({ row }) => row),
    others: all.filter((want) => want.clusterId !== clusterId),
    directs: ledger.some(({ item }) => item.kind === 'service'),
    ...{ steps: [], changes: new Map() },
  }
}

/** Lays out a world for planning, in an order that does not depend on the order of its lists. */
export function planFor(world: World): Planning {
  const cluster = world.clusters.find(({ id }) => id === world.clusterId)
  const clusters = [...world.clusters].sort(byText(({ id }) => id))
  const wanted = new Set(hostsOf(world.clusterId, world.clusters, world.ledger))
  const states = world.hosts
    .filter(({ host }) => wanted.has(host.id))
    .sort(byText(({ host }) => `${host.name} ${host.id}`))
  const rows = byHost(world.ledger)
  const planning: Planning = {
    ...{ world, cluster, hosts: [], unreachable: [] },
    ...{ debts: [], waiting: [], notes: [], bookkeeping: [] },
    short: new Set(),
  }
  for (const state of states) {
    const { host, running } = state
    if (running === undefined) {
      planning.unreachable.push({ host, state })
      continue
    }
    const wants = clusters.flatMap((each) => wantsOf(each, host.id, running))
    planning.hosts.push(hostPlan(world, host, running, wants, rows.get(host.id) ?? []))
  }
  return planning
}

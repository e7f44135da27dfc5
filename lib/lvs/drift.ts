import type { DesiredCluster } from './cluster'
import { realServerOptions } from './commands'
import { findService, itemValue, joinOptions } from './item-value'
import { formatItem, type Item, type LedgerRow } from './ledger'
import type { HostRef, Running } from './running'
import { lostRip, type Want, wantsOf } from './wants'

export const DRIFT_KINDS = ['missing', 'changed', 'unexpected'] as const
/** `unexpected`: an entry that somebody else put into a service of ours. */
export type DriftKind = (typeof DRIFT_KINDS)[number]

/** One item of a cluster that is on its host neither as it was applied nor as it is desired now. */
export type DriftItem = {
  hostId: string
  clusterId: string
  item: Item
  /** formatItem of it: what it is found by, within its host and cluster. */
  itemId: string
  kind: DriftKind
  /** What it should be; absent where it should not be there. */
  desired?: string
  running?: string
}

/** A cluster at two times: as it was last seen to run, and as it is desired now. */
export type Compared = {
  desired: DesiredCluster
  /** Absent where nobody remembers; then only what the ledger vouches for can drift. */
  applied?: DesiredCluster
  /**
   * Items without a row of the ledger that were not as they should be when `applied` was written, as `hostId itemId`:
   * they wait, and are no drift. `all`: of none of them anybody knows.
   */
  open: 'all' | ReadonlySet<string>
}

/** What one reading of one host says of every cluster on it. */
export type HostDrift = {
  items: readonly DriftItem[]
  /** Of these nothing could be said: what was known of them stays. */
  isUnknown: (of: { clusterId: string; item: Item }) => boolean
}

/** A host that was read, with what is ours on it. */
export type DriftHost = { host: HostRef; running: Running; rows: readonly LedgerRow[] }

type Looking = DriftHost & { byName: ReadonlyMap<string, LedgerRow> }

const inTable = ({ kind }: Item): boolean => kind === 'service' || kind === 'entry'

const isUnread = (running: Running, item: Item): boolean =>
  running.ipvs.state === 'denied' && inTable(item)

/** A row that our cluster uses vouches for the item: we wrote it, or adopted it. */
const rowOf = ({ byName }: Looking, name: string, clusterId: string): LedgerRow | undefined => {
  const row = byName.get(name)
  return row?.clusters.includes(clusterId) === true ? row : undefined
}

/** It is still as we wrote it, or was never seen to be as it should: that waits for an apply, and is no drift. */
function waits(
  looking: Looking,
  { name, hostId, clusterId }: Want,
  now: string | undefined,
  open: Compared['open'],
) {
  const row = rowOf(looking, name, clusterId)
  if (row !== undefined) return now === row.written
  return open === 'all' || open.has(`${hostId} ${name}`)
}

/** What is desired now of an item of which somebody changed what was applied; `undefined`: it is as desired, or goes. */
function wantedNow(want: Want, now: ReadonlyMap<string, Want>, running: Running): Want | undefined {
  const desired = now.get(want.name)
  return desired === undefined || desired.satisfied(running) ? undefined : desired
}

const byName = (wants: readonly Want[]): ReadonlyMap<string, Want> =>
  new Map(wants.map((want) => [want.name, want]))

function changedItems(looking: Looking, { applied, desired, open }: Compared): DriftItem[] {
  const { host, running } = looking
  const wants = wantsOf(applied ?? desired, host.id, running)
  const broken = wants.filter((want) => !isUnread(running, want.item) && !want.satisfied(running))
  // most readings find nothing: only then is it worth to list what is desired now
  const now =
    applied === undefined || broken.length === 0
      ? byName(wants)
      : byName(wantsOf(desired, host.id, running))
  return broken.flatMap((want): DriftItem[] => {
    const value = itemValue(running, want.item)
    const wanted = wantedNow(want, now, running)
    if (wanted === undefined || waits(looking, want, value, open)) return []
    const { hostId, clusterId, item, name: itemId } = want
    return [
      {
        ...{ hostId, clusterId, item, itemId, desired: wanted.value },
        kind: value === undefined ? 'missing' : 'changed',
        ...(value !== undefined && { running: value }),
      },
    ]
  })
}

/** Entries that somebody put into a service of ours, and that nobody desires. */
function unexpectedItems(looking: Looking, { applied, desired }: Compared): DriftItem[] {
  const { host, running, byName: rows } = looking
  const clusterId = desired.id
  const directs = ({ directors }: DesiredCluster) =>
    directors.some(({ hostId }) => hostId === host.id)
  const known = applied ?? desired
  if (!directs(known)) return []
  const wanted = new Set<string>()
  for (const { services } of [known, desired])
    for (const { key: service, realServers } of services)
      for (const { key } of realServers)
        wanted.add(formatItem({ kind: 'entry', service, realServer: key }))
  return known.services.flatMap(({ key: service }) => {
    const isOurs = rowOf(looking, formatItem({ kind: 'service', service }), clusterId) !== undefined
    const entries = isOurs ? (findService(running, service)?.realServers ?? []) : []
    return entries.flatMap(({ key: realServer, config }): DriftItem[] => {
      const item: Item = { kind: 'entry', service, realServer }
      const itemId = formatItem(item)
      if (rows.has(itemId) || wanted.has(itemId)) return []
      const value = joinOptions(realServerOptions(config))
      return [{ hostId: host.id, clusterId, item, itemId, kind: 'unexpected', running: value }]
    })
  })
}

/**
 * Says what on a host is not as it was applied: of each cluster the items that are neither as they were last seen to run nor as
 * they are desired now, and entries of somebody else in services of ours. What was desired since and not applied is no
 * drift: it waits.
 */
export function driftOn(state: DriftHost, clusters: readonly Compared[]): HostDrift {
  const { host, running, rows } = state
  const looking = { ...state, byName: new Map(rows.map((row) => [formatItem(row.item), row])) }
  // without its RIP nothing of a real server is asked of it, and so nothing would be missing
  const lost = new Set(
    clusters
      .filter(({ applied, desired }) => lostRip(applied ?? desired, host.id, running) !== undefined)
      .map(({ desired }) => desired.id),
  )
  return {
    items: clusters.flatMap((cluster) => [
      ...changedItems(looking, cluster),
      ...unexpectedItems(looking, cluster),
    ]),
    isUnknown: ({ clusterId, item }) =>
      isUnread(running, item) || (lost.has(clusterId) && !inTable(item)),
  }
}

/** What a person set aside: an item as it was when he did, with who and why. */
export type Ignored = {
  hostId: string
  clusterId: string
  item: Item
  running?: string
  by: string
  why: string
}

/** Why an item cannot be set aside: what stands on it would fail with every apply. */
export type NotIgnorable = 'module' | 'link' | 'service-missing'

/** Tells why a drift cannot be ignored; `undefined` where it can. */
export function whyNotIgnorable({
  item,
  kind,
}: Pick<DriftItem, 'item' | 'kind'>): NotIgnorable | undefined {
  if (item.kind === 'module' || item.kind === 'link') return item.kind
  return item.kind === 'service' && kind === 'missing' ? 'service-missing' : undefined
}

import type { Target } from './boot-files'
import type { DesiredCluster } from './cluster'
import { realServerOptions, serviceOptions } from './commands'
import { itemValue, joinOptions } from './item-value'
import { formatItem, type Item, type LedgerRow } from './ledger'
import { entryItem, type RuleItem, readRules } from './rules-file'
import type { HostRef, Running, RunningService } from './running'
import { placesOf, textOf } from './save-places'
import type { Saved, SavedItem } from './saved'
import type { ServiceKey } from './service'
import { type Want, wantsOf } from './wants'

/** What a save of one host looks at. */
export type SaveHost = { host: HostRef; running: Running; saved: Saved }

/** What a save looks at beside its hosts. */
export type SaveScope = {
  /** Every living cluster as desired. */
  clusters: readonly DesiredCluster[]
  /** The clusters that are saved now, by id; what others saved earlier stays as it was. */
  saving: readonly string[]
  /** What of ours is in the files of these hosts, as we last wrote it. */
  lastSaved: readonly SavedItem[]
  ledger: readonly LedgerRow[]
  /** Foreign services that somebody ticked: saved as they run, without becoming ours. */
  include: readonly { hostId: string; service: ServiceKey }[]
}

/** What the files of one host are to bring back, and what of ours goes from them. */
export type SaveTargets = {
  items: readonly SavedItem[]
  gone: readonly SavedItem[]
  /** Wanted but not running so, or running but not wanted: to be applied before it can be saved. */
  unapplied: readonly { clusterId: string; item: Item }[]
  /** VIPs that somebody else put on another device, and keeps there. */
  elsewhere: readonly Item[]
}

const LASTING = new Set<Item['kind']>(['module', 'link', 'sysctl'])

/**
 * Tells whether a want is to be written to the files. Live a host may satisfy it in another way, e.g. rp_filter 0 by
 * itself; what a boot gives it is not known, so ours is written all the same. A VIP of somebody else's is his to keep.
 */
const isWritten = (want: Want, running: Running): boolean =>
  LASTING.has(want.item.kind) || itemValue(running, want.item) === want.value

const byItem = (items: readonly SavedItem[]): Map<string, SavedItem> =>
  new Map(items.map((each) => [formatItem(each.item), each]))

/** Of two clusters that want a host otherwise the one that is content with the value of the other leaves it. */
function addTarget(items: Map<string, SavedItem>, { host, running }: SaveHost, want: Want): void {
  const { item } = want
  const name = formatItem(item)
  const known = items.get(name)
  const clusters = [...new Set([...(known?.clusters ?? []), want.clusterId])].sort()
  const stays = want.satisfied(running) && known?.value === itemValue(running, item)
  const value = stays && known !== undefined ? known.value : want.value
  items.set(name, { hostId: host.id, item, value, clusters })
}

/** Ours, running, but wanted by none of the clusters that are saved: its removal is not applied yet. */
function leftRunning(
  { running, host }: SaveHost,
  { ledger, saving }: SaveScope,
  wants: readonly Want[],
) {
  const wanted = new Set(wants.map(({ item }) => formatItem(item)))
  return ledger
    .filter(
      ({ hostId, item }) =>
        hostId === host.id && (item.kind === 'entry' || item.kind === 'service'),
    )
    .filter(({ item }) => !wanted.has(formatItem(item)) && itemValue(running, item) !== undefined)
    .flatMap(({ item, clusters }) => {
      const clusterId = clusters.find((id) => saving.includes(id))
      return clusterId === undefined ? [] : [{ clusterId, item }]
    })
}

/** Decides what the files of a host are to bring back: of the saved clusters what runs as desired, of others as last saved. */
export function saveTargets(world: SaveHost, scope: SaveScope): SaveTargets {
  const { host, running } = world
  const saving = scope.clusters.filter(({ id }) => scope.saving.includes(id))
  const wants = saving.flatMap((cluster) => wantsOf(cluster, host.id, running))
  const last = scope.lastSaved.filter(({ hostId }) => hostId === host.id)
  const alive = new Set(scope.clusters.map(({ id }) => id))
  const items = byItem(
    last.flatMap((each) => {
      const clusters = each.clusters.filter((id) => alive.has(id) && !scope.saving.includes(id))
      return clusters.length === 0 ? [] : [{ ...each, clusters }]
    }),
  )
  const wanted = new Set(wants.map(({ item }) => formatItem(item)))
  const written = wants.filter((want) => isWritten(want, running))
  for (const want of written) addTarget(items, world, want)
  const unsatisfied = wants
    .filter((want) => !want.satisfied(running))
    .map(({ clusterId, item }) => ({ clusterId, item }))
  return {
    items: [...items.values()],
    gone: last.filter(({ item }) => !items.has(formatItem(item)) && !wanted.has(formatItem(item))),
    unapplied: [...unsatisfied, ...leftRunning(world, scope, wants)],
    elsewhere: wants
      .filter((want) => want.satisfied(running) && !isWritten(want, running))
      .map(({ item }) => item),
  }
}

/** Writes a running service and its entries as rules. */
export const rulesOf = ({ key, config, realServers }: RunningService) => [
  {
    item: { kind: 'service', service: key } satisfies RuleItem as RuleItem,
    value: joinOptions(serviceOptions(config)),
  },
  ...realServers.map((each) => ({
    item: entryItem(key, each.key),
    value: joinOptions(realServerOptions(each.config)),
  })),
]

/** Lists foreign services that run on a host and would not come back: in no file, or differently. */
export function unsavedForeign(
  { running, saved, host }: SaveHost,
  ledger: readonly LedgerRow[],
): RunningService[] {
  if (running.ipvs.state !== 'present') return []
  const ours = new Set(
    ledger.filter(({ hostId }) => hostId === host.id).map(({ item }) => formatItem(item)),
  )
  const { rules } = readRules(textOf(saved, placesOf(saved).rules))
  const kept = new Map(rules.map(({ item, value }) => [formatItem(item), value]))
  return running.ipvs.services
    .filter(({ key }) => !ours.has(formatItem({ kind: 'service', service: key })))
    .filter((service) =>
      rulesOf(service).some(({ item, value }) => kept.get(formatItem(item)) !== value),
    )
}

/** Gives the targets that boot files hold, everything but IPVS rules, in an order that no save changes. */
export const bootTargets = (items: readonly SavedItem[]): Target[] =>
  items
    .filter(({ item }) => item.kind !== 'service' && item.kind !== 'entry')
    .map(({ item, value }) => ({ item, value }))
    .sort((a, b) => (formatItem(a.item) < formatItem(b.item) ? -1 : 1))

import { createAuditEvent } from '@/lib/db/audit'
import { type Drift, dropDrift, listDrift, saveDrift } from '@/lib/db/drift'
import { listSavedItems } from '@/lib/db/saves'
import type { Tx } from '@/lib/db/transaction'
import { log } from '@/lib/log'
import { byHost } from '@/lib/lvs/by-host'
import type { Compared, DriftItem, HostDrift } from '@/lib/lvs/drift'
import { formatItem } from '@/lib/lvs/ledger'
import type { HostRef } from '@/lib/lvs/running'

/** More than this in one event, and nobody reads it; a table that was cleared loses 37,298 entries at once. */
const NAMED = 5

type News = { seen: Drift[]; changed: Drift[]; gone: Drift[] }

const nameOf = ({ clusterId, itemId }: Pick<DriftItem, 'clusterId' | 'itemId'>): string =>
  `${clusterId} ${itemId}`

const isSame = (a: Drift, b: Drift): boolean =>
  a.kind === b.kind && a.running === b.running && a.desired === b.desired && a.saved === b.saved

/** Compares what was known of a host with what a reading says: what is new, what is otherwise, what is gone. */
function compare(known: readonly Drift[], drift: HostDrift, now: readonly Drift[]) {
  const before = new Map(known.map((each) => [nameOf(each), each]))
  const found = new Set(now.map(nameOf))
  const seen = now.filter((each) => !before.has(nameOf(each)))
  const written: Drift[] = [...seen]
  const changed: Drift[] = []
  for (const each of now) {
    const last = before.get(nameOf(each))
    if (last === undefined || isSame(last, each)) continue
    // who set it aside saw another value
    const isNews = last.running !== each.running || last.kind !== each.kind
    if (isNews) changed.push({ ...each, since: last.since })
    if (isNews || last.ignored === undefined) written.push({ ...each, since: last.since })
  }
  const gone = known.filter((each) => !found.has(nameOf(each)) && !drift.isUnknown(each))
  return { seen, changed, gone, written }
}

const EVENTS = { seen: 'drift-seen', changed: 'drift-changed', gone: 'drift-gone' } as const

/** Says of each cluster what is new, in one event each: a person reads it. */
async function tell(
  tx: Tx,
  { host, names, at }: { host: HostRef; names: ReadonlyMap<string, string>; at: Date },
  news: News,
): Promise<void> {
  for (const [kind, action] of Object.entries(EVENTS) as [keyof News, string][]) {
    // byHost groups by `hostId`: here by cluster
    const groups = byHost(news[kind].map((drift) => ({ hostId: drift.clusterId, drift })))
    for (const [clusterId, drifts] of groups) {
      const what = drifts.slice(0, NAMED).map(({ drift }) => drift.itemId)
      const cluster = names.get(clusterId)
      if (cluster === undefined) continue // it was deleted: nobody asks for it any more
      const detail = { host: host.name, cluster, count: drifts.length, what: what.join(', ') }
      await createAuditEvent(tx, {
        ...{ at, userName: 'Tunboard', action, subject: `cluster:${clusterId}`, detail },
      })
      log.info('Drift was read', { ...detail, action })
    }
  }
}

/**
 * Writes what a reading of a host says of drift: new rows begin at the reading, known ones keep when they began, those that are
 * as they should be again are forgotten; each in the audit trail. What the reading could not see stays as it was.
 */
export async function reconcileDrift(
  tx: Tx,
  { host, clusters, at }: { host: HostRef; clusters: readonly Compared[]; at: Date },
  drift: HostDrift,
): Promise<void> {
  const known = await listDrift({ hostId: host.id }, tx)
  if (known.length + drift.items.length === 0) return
  const items = await listSavedItems([host.id], tx)
  const saved = new Map(items.map(({ item, value }) => [formatItem(item), value]))
  const now = drift.items.map((each): Drift => {
    const value = saved.get(each.itemId)
    return { ...each, since: at, ...(value !== undefined && { saved: value }) }
  })
  const { written, gone, ...news } = compare(known, drift, now)
  if (written.length > 0) await saveDrift(tx, written)
  if (gone.length > 0) await dropDrift(tx, gone)
  const names = new Map(clusters.map(({ desired: { id, name } }) => [id, name]))
  await tell(tx, { host, names, at }, { ...news, gone })
}

import { randomUUID } from 'node:crypto'
import { getAppliedSnapshot, listLatestApplied } from '@/lib/db/applied-desired'
import { createApply, endApply, getApply, listApplies } from '@/lib/db/applies'
import { getCluster } from '@/lib/db/clusters'
import { listDrains, updateDrain } from '@/lib/db/drains'
import { type Drift, type DriftName, dropDrift, listDrift } from '@/lib/db/drift'
import { dropLedger, listLedger, saveLedger } from '@/lib/db/ledger'
import { releaseLocks, takeLocks } from '@/lib/db/locks'
import { replaceDesired } from '@/lib/db/replace-desired'
import { inTransaction, type Tx } from '@/lib/db/transaction'
import { Conflict } from '@/lib/errors'
import type { DesiredCluster } from '@/lib/lvs/cluster'
import type { ClusterTarget } from '@/lib/lvs/cluster-form'
import type { LedgerRow } from '@/lib/lvs/ledger'
import { formatItem } from '@/lib/lvs/ledger'
import type { Plan } from '@/lib/lvs/plan'
import { type LinkOf, takeTheirs as takeInto, whyNotTakeable } from '@/lib/lvs/take-theirs'
import { changeDesiredIn } from './change-desired'
import { readKnownAddresses } from './check-address'
import type { Context } from './context'
import { readSoon } from './radar-loop'

/** A drift as a person saw it: what runs then is what is taken, or nothing is. */
export type SeenDrift = DriftName & { running?: string }

/** Finds what was seen, as it was seen. Throws Conflict('drift-moved'). */
export async function findSeen(
  tx: Tx,
  clusterId: string,
  seen: readonly SeenDrift[],
): Promise<Drift[]> {
  const known = await listDrift({ clusterId }, tx)
  return seen.map(({ hostId, itemId, running }) => {
    const found = known.find((each) => each.hostId === hostId && each.itemId === itemId)
    if (found === undefined || found.running !== running)
      throw new Conflict('drift-moved', { item: itemId })
    return found
  })
}

/** The rows as what runs makes them: gone with what is gone, and else ours as it is; `before` of a known one stays. */
function rowsAfter(ledger: readonly LedgerRow[], taken: readonly Drift[], since: string) {
  const saved: LedgerRow[] = []
  const dropped: Drift[] = []
  for (const drift of taken) {
    const { hostId, clusterId, item, itemId, running } = drift
    const row = ledger.find((each) => each.hostId === hostId && formatItem(each.item) === itemId)
    if (running === undefined) {
      dropped.push(drift)
      continue
    }
    const own = { hostId, item, origin: 'adopted', clusters: [clusterId], since } as const
    saved.push({ ...(row ?? own), written: running, state: 'ours' })
  }
  return { saved, dropped }
}

/** A service that is gone took its entries with it. */
function withEntries(taken: readonly Drift[], all: readonly Drift[]): Drift[] {
  const services = new Set(
    taken.flatMap(({ item, running, hostId }) =>
      item.kind === 'service' && running === undefined ? [`${hostId} ${formatItem(item)}`] : [],
    ),
  )
  const inside = all.filter(
    ({ item, hostId, running }) =>
      item.kind === 'entry' &&
      running === undefined &&
      services.has(`${hostId} ${formatItem({ kind: 'service', service: item.service })}`),
  )
  return [...new Set([...taken, ...inside])]
}

const takeAll = (cluster: DesiredCluster, taken: readonly Drift[], linkOf: LinkOf) =>
  taken.reduce((made, drift) => takeInto(made, drift, linkOf), cluster)

/** What still waits for hosts is not forgotten because something was taken. */
async function nothingDone(tx: Tx, clusterId: string): Promise<Plan> {
  const [last] = await listApplies({ clusterId, changes: 'running', limit: 1 }, tx)
  const { debts, waiting } =
    last === undefined ? { debts: [], waiting: [] } : (await getApply(last.id, tx)).plan
  const none = { steps: [], refusals: [], notes: [], bookkeeping: [] }
  return { clusterId, basis: '', ...none, debts, waiting }
}

type Taking = { context: Context; clusterId: string; id: string; taken: readonly Drift[] }

/** Of what is drained it takes new connections again, or is gone: there is nothing left to wait for. */
async function cancelDrainsOf(
  tx: Tx,
  { clusterId, services }: { clusterId: string; services: DesiredCluster['services'] },
  taken: readonly Drift[],
  at: Date,
): Promise<void> {
  const items = new Set(taken.map(({ itemId }) => itemId))
  const { desired } = await getCluster(clusterId, tx)
  const after = new Map(
    desired.services.flatMap(({ realServers }) => realServers.map((each) => [each.id, each])),
  )
  const freed = services.flatMap(({ key: service, realServers }) =>
    realServers.flatMap(({ id, key: realServer }) => {
      const isTaken = items.has(formatItem({ kind: 'entry', service, realServer }))
      return isTaken && after.get(id)?.config.weight !== 0 ? [id] : []
    }),
  )
  const from = ['waiting', 'ended', 'failed'] as const
  for (const { id, realServerIds } of await listDrains({ clusterId, states: from }, tx))
    if (realServerIds.some((each) => freed.includes(each)))
      await updateDrain(tx, { id, from }, { state: 'cancelled', updatedAt: at })
}

/** Writes that from now on this runs of the cluster: an apply that did nothing, on no host. */
async function recordAsApplied(tx: Tx, taking: Taking, linkOf: LinkOf): Promise<void> {
  const { context, clusterId, id, taken } = taking
  const applyId = (await listLatestApplied(tx)).get(clusterId)
  const snapshot = applyId === undefined ? undefined : await getAppliedSnapshot(applyId, tx)
  if (applyId === undefined || snapshot?.desired === undefined) return
  const { desiredVersion: last, options } = await getApply(applyId, tx)
  const { version, desired } = await getCluster(clusterId, tx)
  // where something of it still is to be done, or was before, the newest version is not applied
  const isAll = last === version - 1 && taken.every(({ running }) => running !== undefined)
  const { userId, name } = context.actor
  await createApply(tx, {
    ...{ id, kind: 'adopt', plan: await nothingDone(tx, clusterId), fingerprint: '' },
    subject: { kind: 'cluster', id: clusterId, name: desired.name },
    desiredVersion: isAll ? version : last,
    options: { ...(options as object), taken: taken.map(({ itemId }) => itemId) },
    startedBy: { userId, name },
    startedAt: context.now(),
    desired: takeAll(snapshot.desired, taken, linkOf),
    steps: [],
  })
  await endApply(tx, id, { state: 'verified', endedAt: context.now() })
}

async function readLinks(tx: Tx): Promise<LinkOf> {
  const { choices, hosts } = await readKnownAddresses(tx)
  return (rip) => {
    const found = choices.filter(({ address, refused }) => address === rip && refused === undefined)
    const [only] = found
    const host = hosts.find(({ id }) => found.length === 1 && id === only?.hostId)
    return host === undefined ? undefined : { id: host.id, name: host.name }
  }
}

async function take(
  tx: Tx,
  context: Context,
  target: ClusterTarget,
  seen: readonly SeenDrift[],
): Promise<number> {
  const { clusterId } = target
  const found = await findSeen(tx, clusterId, seen)
  const stuck = found.find((drift) => whyNotTakeable(drift) !== undefined)
  if (stuck !== undefined) throw new Conflict('drift-not-taken', { item: stuck.itemId })
  const taken = withEntries(found, await listDrift({ clusterId }, tx))
  const linkOf = await readLinks(tx)
  const id = randomUUID()
  const version = await changeDesiredIn(tx, context, target, 'take-theirs', async (_, cluster) => {
    await replaceDesired(tx, takeAll(cluster, taken, linkOf))
    const before = { clusterId, services: cluster.services }
    await cancelDrainsOf(tx, before, taken, context.now())
    return { what: taken.map(({ itemId }) => itemId).join(', ') }
  })
  const hostIds = [...new Set(taken.map(({ hostId }) => hostId))]
  const { saved, dropped } = rowsAfter(await listLedger({ hostIds }, tx), taken, id)
  await saveLedger(tx, saved)
  await dropLedger(tx, dropped)
  await dropDrift(tx, taken)
  await recordAsApplied(tx, { context, clusterId, id, taken }, linkOf)
  return version
}

/**
 * Makes desired what runs of drifted items, as they were seen; returns the new desired version. Nothing is sent to a host: the
 * ledger says from now on that this is ours, so that the next plan has nothing to do with it. Throws Conflict: `drift-moved`,
 * `drift-not-taken`, `desired-moved`, `locked`.
 */
export async function takeTheirs(
  context: Context,
  target: ClusterTarget,
  seen: readonly SeenDrift[],
): Promise<number> {
  const hostIds = [...new Set(seen.map(({ hostId }) => hostId))]
  const taking = { owner: context.actor.name, reason: 'take-theirs', now: context.now() }
  const leases = await takeLocks(hostIds, taking)
  try {
    return await inTransaction((tx) => take(tx, context, target, seen))
  } finally {
    await releaseLocks(leases, context.now())
    readSoon(hostIds)
  }
}

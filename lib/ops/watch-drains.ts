import { getCluster, listDesiredClusters } from '@/lib/db/clusters'
import { type Drain, type DrainCounts, listDrains, updateDrain } from '@/lib/db/drains'
import { listLedger } from '@/lib/db/ledger'
import { listLocks } from '@/lib/db/locks'
import { inTransaction } from '@/lib/db/transaction'
import { TunboardError } from '@/lib/errors'
import { log } from '@/lib/log'
import { countDrained, type Drained, drainedEntries, removesOnly } from '@/lib/lvs/drain'
import { isCut } from '@/lib/lvs/guard-rails'
import { findEntry } from '@/lib/lvs/item-value'
import { parsePersistent } from '@/lib/lvs/parse-persistent'
import { isApplyable, isComplete, isEmpty } from '@/lib/lvs/plan'
import { hostsOf } from '@/lib/lvs/plan-world'
import type { HostState } from '@/lib/lvs/running'
import { formatRealServerKey, sameService } from '@/lib/lvs/service'
import { runBatch } from '@/lib/ssh/run'
import { applyPlan } from './apply-plan'
import type { Context } from './context'
import { planNow } from './plan-now'
import { readHosts } from './read-world'
import { removeRealServer } from './remove-real-server'
import { sshTarget } from './ssh-target'

const LIST_PERSISTENT = ['ipvsadm', '-Ln', '--persistent-conn'] as const

/** Counts templates of sticky clients, which bring clients back to a quiesced entry. */
async function countPersistent(
  hostId: string,
  entries: readonly Drained[],
): Promise<number | undefined> {
  const [result] = await runBatch(await sshTarget(hostId), [{ argv: LIST_PERSISTENT, root: true }])
  if (result?.exit !== 0) return undefined // unknown is not 0
  const { services } = parsePersistent(result.stdout)
  return entries
    .filter(({ persistent }) => persistent)
    .flatMap(({ service, realServer }) =>
      services
        .filter(({ key }) => sameService(key, service))
        .flatMap((listed) => listed.entries)
        .filter(({ key }) => formatRealServerKey(key) === formatRealServerKey(realServer)),
    )
    .reduce((sum, { persistent }) => sum + persistent, 0)
}

/** Reads the counts of a drain on all its directors; `undefined` while one of them cannot say. */
async function readCounts(
  entries: readonly Drained[],
  directors: readonly HostState[],
  at: string,
): Promise<DrainCounts | undefined> {
  const counts: DrainCounts = { active: 0, inactive: 0, at }
  for (const { host, running } of directors) {
    const counted = running && countDrained(running, entries)
    if (counted === undefined) return undefined
    counts.active += counted.active
    counts.inactive += counted.inactive
    if (!entries.some(({ persistent }) => persistent)) continue
    const persistent = await countPersistent(host.id, entries)
    if (persistent === undefined) return undefined
    counts.persistent = (counts.persistent ?? 0) + persistent
  }
  return counts
}

const actorOf = ({ startedBy }: Drain): Context => ({
  actor: { ...startedBy, role: 'operator' },
  now: () => new Date(),
})

async function move(
  drain: Drain,
  state: Drain['state'],
  more: { lastCounts?: DrainCounts; deadlineAt?: Date } = {},
) {
  const change = { state, updatedAt: new Date(), ...more }
  return inTransaction((tx) => updateDrain(tx, { id: drain.id, from: [drain.state] }, change))
}

/** Removes what is drained: desired first, then a plan that a person approved when he asked for drain and removal. */
async function removeDrained(drain: Drain, entries: readonly Drained[]): Promise<void> {
  if (!(await move(drain, 'removing'))) return // undone at the last moment
  const removing = { ...drain, state: 'removing' as const }
  const context = actorOf(drain)
  const { version } = await getCluster(drain.clusterId)
  const realServerIds = entries.map(({ id }) => id)
  await removeRealServer(context, { clusterId: drain.clusterId, version, realServerIds })
  const { plan, fingerprint } = await planNow(drain.clusterId)
  // the person who asked for the drain gave it a deadline, and with it what is cut then
  const overrides = plan.refusals.filter(isCut).flatMap(({ override }) => override ?? [])
  if (!isApplyable(plan, new Set(overrides)) || !removesOnly(plan, entries)) {
    await move(removing, 'ended')
    return
  }
  const request = { clusterId: drain.clusterId, fingerprint, kind: 'drain', overrides } as const
  const { done } = await applyPlan(context, request)
  await done
  await move(removing, (await isGone(drain.clusterId, entries)) ? 'removed' : 'failed')
}

/** Tells whether somebody is at work on a host of the cluster: desired must not be changed for an apply that fails. */
async function isBusy(clusterId: string, now: Date): Promise<boolean> {
  const hosts = hostsOf(clusterId, await listDesiredClusters(), await listLedger())
  return (await listLocks(now)).some(({ name }) => hosts.includes(name))
}

/** Tells whether every director was read just now and has none of the entries any more. */
async function isGone(clusterId: string, entries: readonly Drained[]): Promise<boolean> {
  const { desired } = await getCluster(clusterId)
  const directors = await readHosts(desired.directors.map(({ hostId }) => hostId))
  return directors.every(
    ({ running }) =>
      running !== undefined &&
      running.ipvs.state !== 'denied' &&
      entries.every(({ service, realServer }) => !findEntry(running, service, realServer)),
  )
}

/**
 * A crash, or a lock taken in between, stopped a removal half way. Still desired: it waits as before. Not desired any
 * more: removed where the plan has nothing left to do, else for a person to see.
 */
async function endLeftOver(drain: Drain): Promise<void> {
  const { desired } = await getCluster(drain.clusterId)
  if (drainedEntries(desired, drain.realServerIds).length > 0) {
    await move(drain, 'waiting')
    return
  }
  const { plan } = await planNow(drain.clusterId)
  await move(drain, isEmpty(plan) && isComplete(plan) ? 'removed' : 'ended')
}

/** The time that was granted runs from when the hosts say weight 0, not from when somebody asked for it. */
function deadlineOf({ lastCounts, startedAt, deadlineAt }: Drain, now: Date): Date {
  if (lastCounts !== undefined) return deadlineAt
  return new Date(now.getTime() + deadlineAt.getTime() - startedAt.getTime())
}

async function watchDrain(drain: Drain, now: Date): Promise<void> {
  if (drain.state === 'removing') return endLeftOver(drain)
  const { desired } = await getCluster(drain.clusterId)
  const entries = drainedEntries(desired, drain.realServerIds)
  if (entries.length === 0) {
    await move(drain, 'cancelled')
    return
  }
  const directors = await readHosts(desired.directors.map(({ hostId }) => hostId))
  const counts = await readCounts(entries, directors, now.toISOString())
  if (counts === undefined) return // not applied yet, or the director cannot be read: the wait goes on
  const deadlineAt = deadlineOf(drain, now)
  await move(drain, 'waiting', { lastCounts: counts, deadlineAt })
  const empty = counts.active === 0 && (counts.persistent ?? 0) === 0
  const due = empty || now >= deadlineAt
  if (due && !(await isBusy(drain.clusterId, now))) await removeDrained(drain, entries)
}

/**
 * Looks once at every drain that waits: counts its connections, and removes it when they have ended or its deadline has
 * come. Holds no lock while it waits, and knows nothing that is not in the database: it goes on after a restart.
 */
export async function watchDrains(now = () => new Date()): Promise<void> {
  // One round at a time removes: a drain that is found removing is none that still goes on.
  for (const drain of await listDrains({ states: ['waiting', 'removing'] })) {
    try {
      await watchDrain(drain, now())
    } catch (error) {
      // somebody else is at work on its hosts, or one cannot be reached: it waits, and the others go on
      if (!(error instanceof TunboardError)) throw error
      log.info('A drain waits', { drain: drain.id, reason: error.reason })
    }
  }
}

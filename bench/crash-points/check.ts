import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import { getApply, listApplies } from '@/lib/db/applies'
import { interruptApplies } from '@/lib/db/apply-steps'
import { getApplyUndo } from '@/lib/db/apply-undo'
import { listLedger } from '@/lib/db/ledger'
import { listLocks } from '@/lib/db/locks'
import { inTransaction } from '@/lib/db/transaction'
import { itemValue } from '@/lib/lvs/item-value'
import { formatItem } from '@/lib/lvs/ledger'
import type { Step } from '@/lib/lvs/plan'
import type { Context } from '@/lib/ops/context'
import { readHosts } from '@/lib/ops/read-world'
import { recoverApplies } from '@/lib/ops/recover-applies'
import { operator } from '@/lib/ops/test-fleet'
import { watchUndos } from '@/lib/ops/watch-undos'
import type { Case, Happened } from './case'
import { mortal } from './life'
import { changeTo, type Snapshots, start, stepsOf, type World } from './shapes'

/** What a shape's hosts are before and after it, where nothing goes wrong. */
export type Expected = {
  before: Snapshots
  after: Snapshots
  foreign: string
  rules: string
  rulesBefore: string
}

/** A lease lives 30 s: a second later everything of a dead owner must be free. */
const LATER_MS = 31_000
/** Every timer is over by then: 60 s, unless told otherwise. */
const afterTimers = (): Date => new Date(Date.now() + 120_000)
const later = (): Date => new Date(Date.now() + LATER_MS)
const lateOperator = (): Context => ({ ...operator(), now: later })

type Place = 'before' | 'after' | 'between'

function placeOf(now: Snapshots, { before, after }: Expected): Place {
  if (isDeepStrictEqual(now, after)) return 'after'
  return isDeepStrictEqual(now, before) ? 'before' : 'between'
}

async function lastApply({ clusterId }: World, isSave: boolean) {
  const applies = await listApplies({ clusterId, limit: 1 })
  const [last] = applies
  if (last === undefined) throw new Error(`there is no apply${isSave ? ' of files' : ''}`)
  return getApply(last.id)
}

const SAID = { applied: 'after', 'not-applied': 'before', partial: 'between' } as const

/** The next start: says of what was interrupted what it came to, as the hosts themselves show it. */
async function startAgain(world: World, { shape, fault }: Case, place: Place): Promise<void> {
  await world.hosts.reopen(mortal)
  await inTransaction((tx) => interruptApplies(tx, new Date()))
  await recoverApplies(later)
  const { id, state, recovery } = await lastApply(world, shape === 'save')
  assert.equal(state, 'interrupted')
  // while its hosts are about to go back, what it came to is not for long: goBack looks at that
  if ((await getApplyUndo(id))?.state === 'armed') return
  assert.ok(recovery !== undefined && recovery.state !== 'unread', 'nobody says what it came to')
  if (fault === 'killed') assert.equal(SAID[recovery.state], place, 'it says otherwise')
}

/** What an apply that came to its end says of itself must be so. */
async function checkEnd(world: World, { shape, fault }: Case, place: Place): Promise<void> {
  const { state, failure, steps } = await lastApply(world, shape === 'save')
  const ends = ['verified', 'failed', 'not-verified', ...(shape === 'timed' ? ['armed'] : [])]
  assert.ok(ends.includes(state), `it is ${state}`)
  if (state === 'verified') assert.equal(place, 'after', 'verified, and it is not so')
  else if (state !== 'armed') assert.ok(failure !== undefined, `${state}, and nobody says why`)
  if (fault === 'noise on stderr') assert.equal(state, 'verified', failure?.reason)
  assert.ok(steps.every((step) => !['running', 'waiting'].includes(step.state)))
  assert.deepEqual(await listLocks(new Date(Date.now() + 1000)), [], 'a lock was left')
}

/** The plan that is shown now is the exact difference: carried out on copies of the hosts, it ends where it must. */
function checkDifference({ hosts }: World, steps: readonly Step[], expected: Expected): void {
  if (hosts.lookAfter === undefined) return
  assert.deepEqual(
    hosts.lookAfter(steps),
    expected.after,
    'the plan that is shown is not the difference',
  )
}

async function applyAgain(world: World, isSave: boolean): Promise<void> {
  const { done } = await start(lateOperator(), world.clusterId, isSave ? 'save' : 'add')
  await done
  const { state, failure } = await lastApply(world, isSave)
  assert.equal(state, 'verified', `run again it is ${state}: ${JSON.stringify(failure)}`)
}

/** A row of a step whose outcome nobody heard stays intended until the next apply; it must be true by now. */
async function checkIntended({ hosts: { ids } }: World): Promise<void> {
  const rows = (await listLedger()).filter(({ state }) => state === 'intended')
  const hosts = await readHosts(Object.values(ids), { saved: true })
  for (const { hostId, item, written } of rows) {
    const running = hosts.find(({ host }) => host.id === hostId)?.running
    const now = running === undefined ? undefined : itemValue(running, item)
    assert.equal(now, written, `${formatItem(item)} is intended and not so`)
  }
}

/** Whoever comes next brings it to its end, and then nothing is left to do. */
async function converge(world: World, each: Case, expected: Expected): Promise<void> {
  const isSave = each.shape === 'save'
  const rebooted = each.fault === 'rebooted'
  for (const files of isSave ? [false, true] : [false]) {
    const steps = await stepsOf(world.clusterId, files)
    if (files === isSave && !rebooted) checkDifference(world, steps, expected)
    if (steps.length > 0) await applyAgain(world, files)
    assert.deepEqual(await stepsOf(world.clusterId, files), [], 'the second plan is not empty')
  }
  assert.equal(await world.hosts.ownRules(), expected.rules)
  if (!rebooted) assert.deepEqual(await world.hosts.look(), expected.after)
  await checkIntended(world)
  assert.deepEqual(await listLocks(new Date(later().getTime() + LATER_MS)), [])
}

/** Nobody confirms any more: the hosts go back by themselves, desired with them, and the change can be made anew. */
async function goBack(world: World, { fault }: Case, expected: Expected): Promise<void> {
  const { hosts, clusterId } = world
  hosts.timers?.fire()
  await watchUndos(afterTimers)
  assert.equal((await lastApply(world, false)).state, 'undone')
  assert.deepEqual(hosts.timers?.armed(), [], 'a timer is left')
  const steps = await stepsOf(clusterId, false)
  if (fault === 'rebooted' && steps.length > 0) await applyAgain(world, false)
  else assert.deepEqual(await hosts.look(), expected.before, 'the hosts are not as they were')
  assert.deepEqual(await stepsOf(clusterId, false), [], 'desired did not go back')
  assert.equal(await hosts.ownRules(), expected.rulesBefore)
  await changeTo(world, 'timed')
}

/** Where timers are left they fire; where nobody waits for one, none is left. */
async function afterTheTimers(world: World, each: Case, expected: Expected): Promise<void> {
  if (each.shape !== 'timed') return
  const { id } = await lastApply(world, false)
  if ((await getApplyUndo(id))?.state === 'armed') await goBack(world, each, expected)
  else assert.deepEqual(world.hosts.timers?.armed(), [], 'a timer is left that nobody knows of')
}

/** Checks everything that must hold after a case. */
export async function check(
  world: World,
  each: Case,
  happened: Happened,
  expected: Expected,
): Promise<void> {
  assert.ok(happened.reached, 'the step was never reached')
  assert.deepEqual([...new Set(happened.emptied)], [], 'a live service was empty for a moment')
  const foreign = await world.hosts.foreignRules()
  const lost = each.fault === 'rebooted' && each.step.hostName === 'director'
  assert.equal(foreign, lost ? '' : expected.foreign, 'the rules of others were changed')
  const place = placeOf(await world.hosts.look(), expected)
  if (happened.killed) {
    assert.deepEqual(await listLocks(later()), [], 'a dead owner holds a lock for more than 30 s')
    await startAgain(world, each, place)
  } else await checkEnd(world, each, place)
  await afterTheTimers(world, each, expected)
  await converge(world, each, expected)
  assert.equal(await world.hosts.foreignRules(), foreign)
}

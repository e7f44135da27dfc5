import assert from 'node:assert/strict'
import { type Apply, getApply, listApplies } from '@/lib/db/applies'
import { type AuditEvent, listAuditEvents } from '@/lib/db/audit'
import { getCluster } from '@/lib/db/clusters'
import { type Drain, listDrains } from '@/lib/db/drains'
import { listLedger } from '@/lib/db/ledger'
import { listLocks } from '@/lib/db/locks'
import type { DesiredCluster } from '@/lib/lvs/cluster'
import { isComplete } from '@/lib/lvs/plan'
import { applyPlan } from '@/lib/ops/apply-plan'
import { planNow } from '@/lib/ops/plan-now'
import { operator } from '@/lib/ops/test-fleet'
import { isChanging } from '@/lib/testing/fake-host/misbehaviour'
import type { FakeLabName } from '@/lib/testing/fake-lab'
import { type Fleet, foreignRules, NAMES } from '../fleet/fleet'
import { overridesOf, type Report } from './operator'

/** What is desired of the one service: its scheduler, and weights by RIP. */
export type Model = { scheduler: string; weights: Record<string, number> }

export type Begun = {
  clusterId: string
  version: number
  model: Model
  foreign: string
  applies: number
}

/** Desired as the model has it; `undefined` where the service is not there. */
function modelOf(desired: DesiredCluster | undefined): Model | undefined {
  const service = desired?.services[0]
  if (service === undefined) return undefined
  const pairs = service.realServers.map(({ key, config }) => [key.rip, config.weight] as const)
  return { scheduler: service.config.scheduler, weights: Object.fromEntries(pairs.toSorted()) }
}

/** Reads desired as the model has it. */
export async function readModel(clusterId: string): Promise<Model & { version: number }> {
  const { desired, version } = await getCluster(clusterId)
  const model = modelOf(desired)
  if (model === undefined) throw new Error('the service is gone')
  return { version, ...model }
}

/** What each apply changed, as it remembers it. */
async function readChanged(clusterId: string): Promise<Known['changed']> {
  const applies = await Promise.all(
    (await listApplies({ clusterId, limit: 100 })).map(({ id }) => getApply(id)),
  )
  return new Map(
    applies.map(({ id, desired }) => [
      id,
      { before: modelOf(desired?.before), after: modelOf(desired?.after) },
    ]),
  )
}

const ripsIn = (what: unknown): string[] =>
  [...String(what).matchAll(/172\.25\.254\.\d+/g)].map(([rip]) => rip)

type Known = {
  drains: readonly Drain[]
  ripOf: Record<string, string>
  /** By apply: what was desired before it, and what it took to the hosts. */
  changed: ReadonlyMap<string, { before: Model | undefined; after: Model | undefined }>
}

/** The weight that a drain remembered. */
function weightBefore(rip: string, at: Date, { drains, ripOf }: Known): number {
  const of = (drain: Drain) => drain.realServerIds.find((id) => ripOf[id] === rip)
  const drain = drains.find((each) => each.startedAt <= at && of(each) !== undefined)
  const weight = drain?.weightBefore[of(drain) ?? '']
  if (weight === undefined) throw new Error(`no drain of ${rip} was undone`)
  return weight
}

/** Taking an apply back gives what it changed its value before it, where that is still what it made. */
function foldRevert(model: Model, known: Known, applyId: string): Model {
  const { before, after } = known.changed.get(applyId) ?? {}
  if (before === undefined || after === undefined) throw new Error(`${applyId} changed nothing`)
  const weights = { ...model.weights }
  for (const rip of Object.keys({ ...before.weights, ...after.weights })) {
    const [old, made] = [before.weights[rip], after.weights[rip]]
    if (old === made || weights[rip] !== made) continue
    if (old === undefined) delete weights[rip]
    else weights[rip] = old
  }
  const back = before.scheduler !== after.scheduler && model.scheduler === after.scheduler
  return { scheduler: back ? before.scheduler : model.scheduler, weights }
}

/** The weight that an entry has after an event about it; `undefined`: it is gone. */
function weightAfter(rip: string, { action, detail, at }: AuditEvent, known: Known) {
  if (action === 'set-weights') return Number(/= (\d+)/.exec(String(detail.what))?.[1])
  if (action === 'add-real-server') return Number(detail.weight)
  if (action === 'start-drain') return 0
  if (action === 'undo-drain') return weightBefore(rip, at, known)
  if (action === 'remove-real-server') return undefined
  throw new Error(`nobody here does ${action}`)
}

/** What one audited change makes of desired. */
function fold(model: Model, event: AuditEvent, known: Known): Model {
  const { action, detail } = event
  if (action === 'revert-desired') return foldRevert(model, known, String(detail.of))
  if (action === 'edit-service') return { ...model, scheduler: String(detail.scheduler) }
  const weights = { ...model.weights }
  for (const rip of ripsIn(detail.what)) {
    const weight = weightAfter(rip, event, known)
    if (weight === undefined) delete weights[rip]
    else weights[rip] = weight
  }
  return { ...model, weights }
}

/** Each version was made by exactly one change, and desired is what the changes say, one after the other. */
async function checkVersions(begun: Begun, reports: readonly Report[]): Promise<void> {
  const { clusterId, version, model } = begun
  const events = (await listAuditEvents({ subject: `cluster:${clusterId}`, limit: 500 }))
    .filter(({ detail }) => Number(detail.version) > version)
    .sort((a, b) => Number(a.detail.version) - Number(b.detail.version))
  const made = events.map(({ detail }) => Number(detail.version))
  assert.deepEqual(
    made,
    made.map((_, at) => version + 1 + at),
    'a version was made twice, or by nobody',
  )
  const won = reports.flatMap(({ name, outcomes }) =>
    outcomes.flatMap((each) => (each.result === 'won' ? [`${each.version} ${name}`] : [])),
  )
  const trail = events.map(({ detail, userName }) => `${detail.version} ${userName}`)
  assert.equal(new Set(won).size, won.length, 'two won the same version')
  assert.deepEqual(
    won.filter((each) => !trail.includes(each)),
    [],
    'who won is not in the audit trail',
  )
  const known = {
    changed: await readChanged(clusterId),
    drains: await listDrains({ clusterId }),
    ripOf: Object.assign({}, ...reports.map(({ ripOf }) => ripOf)),
  }
  const expected = events.reduce((each, event) => fold(each, event, known), model)
  const now = await readModel(clusterId)
  assert.equal(now.version, version + made.length)
  assert.deepEqual(
    { scheduler: now.scheduler, weights: now.weights },
    { ...expected, weights: Object.fromEntries(Object.entries(expected.weights).toSorted()) },
    'an update was lost',
  )
}

const bare = (argv: readonly string[]): string =>
  argv.join(' ').replace(/^((timeout|sudo)( (-\S+|\d+))* )+/, '')

/** What one host was made to do by the applies, one after the other. */
const journalled = (applies: readonly Apply[], hostId: string): string[] =>
  applies.flatMap(({ steps }) =>
    steps
      .filter(({ step, state }) => step.hostId === hostId && state === 'done')
      .map(({ step }) => step.argv)
      .filter(isChanging)
      .map(bare),
  )

/** Nothing ran that nobody approved, and no two applies were at a host at once: its commands are theirs, in their order. */
async function checkJournal(
  fleet: Fleet,
  begun: Begun,
  reports: readonly Report[],
): Promise<number> {
  const summaries = (await listApplies({ limit: 100 })).reverse().slice(begun.applies)
  const applies = await Promise.all(summaries.map(({ id }) => getApply(id)))
  for (const { startedBy, fingerprint, state, kind, steps } of applies) {
    assert.equal(state, 'verified')
    assert.ok(steps.every((step) => ['done', 'skipped'].includes(step.state)))
    const report = reports.find(({ name }) => name === startedBy.name)
    if (kind === 'apply' || kind === 'revert')
      assert.ok(report?.approved.includes(fingerprint), `${startedBy.name} never approved it`)
  }
  for (const name of NAMES) {
    const sent = fleet.hosts[name].received.commands.filter(isChanging).map(bare)
    assert.deepEqual(sent, journalled(applies, hostIdOf(fleet, name)), `${name} was told otherwise`)
  }
  return applies.length
}

const hostIdOf = ({ lab }: Fleet, name: FakeLabName): string => lab[name]

/** The kernel's table says what the model says. */
function checkTable({ hosts }: Fleet, { scheduler, weights }: Model): void {
  const { stdout } = hosts.director.kernel.fork().exec(['ipvsadm', '-Sn'])
  const lines = stdout.split('\n').filter((line) => line.includes('172.25.254.100:53'))
  const entry = ([rip, weight]: [string, number]) =>
    `-a -u 172.25.254.100:53 -r ${rip}:53 -i -w ${weight} --tun-type ipip`
  const service = `-A -u 172.25.254.100:53 -s ${scheduler}`
  assert.deepEqual(lines, [service, ...Object.entries(weights).map(entry)])
}

/** Nothing is left over: no lock, no intent; and whoever comes next brings the hosts to what is desired. */
async function checkRest(fleet: Fleet, { clusterId, foreign }: Begun): Promise<void> {
  const isIntended = ({ state }: { state: string }) => state === 'intended'
  assert.deepEqual(await listLocks(new Date(Date.now() + 1000)), [], 'a lock was left')
  assert.deepEqual((await listLedger()).filter(isIntended), [], 'an intent was left in the ledger')
  const { plan, fingerprint } = await planNow(clusterId)
  if (plan.steps.length > 0 || plan.bookkeeping.length > 0) {
    const undo = { timer: 'without' } as const
    const request = { clusterId, fingerprint, overrides: overridesOf(plan), undo }
    const { applyId, done } = await applyPlan(operator('Eve'), request)
    await done
    assert.equal((await getApply(applyId)).state, 'verified')
  }
  const after = await planNow(clusterId)
  assert.deepEqual(after.plan.steps, [], 'the second plan is not empty')
  assert.ok(isComplete(after.plan))
  const { version: _, ...model } = await readModel(clusterId)
  checkTable(fleet, model)
  assert.equal(foreignRules(fleet), foreign)
}

/** Checks everything that must hold after a case. Gives the number of applies that there were. */
export async function checkAll(
  fleet: Fleet,
  begun: Begun,
  reports: readonly Report[],
): Promise<number> {
  await checkVersions(begun, reports)
  const applies = await checkJournal(fleet, begun, reports)
  await checkRest(fleet, begun)
  return applies
}

import { afterEach, beforeEach, expect, test } from 'vitest'
import { DEFAULT_OPTIONS, type DesiredCluster } from '@/lib/lvs/cluster'
import type { Plan, Step } from '@/lib/lvs/plan'
import { latestApplied } from './applied-desired'
import { createApply, endApply, getApply, listApplies, type NewApply } from './applies'
import { endBatch, interruptApplies, startBatch } from './apply-steps'
import { useTestDatabase } from './test-database'
import { inTransaction } from './transaction'

let remove: () => Promise<void>
beforeEach(async () => {
  ;({ remove } = await useTestDatabase())
})
afterEach(() => remove())

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 22, 12, 0, seconds))

function step(subject: string): Step {
  return {
    ...{ id: `h1 ${subject}`, hostId: 'h1', hostName: 'director', subject },
    ...{ kind: 'module', change: 'add', mayFail: false, phase: 1 },
    argv: ['modprobe', '--', subject],
    why: { code: 'module', values: { name: subject } },
  }
}

const STEPS = ['ip_vs', 'ip_vs_rr', 'ipip'].map(step)
const PLAN: Plan = {
  ...{ clusterId: 'c1', basis: 'basis', steps: STEPS },
  ...{ refusals: [], debts: [], waiting: [], notes: [], bookkeeping: [] },
}
const apply = (id: string, seconds = 0): NewApply => ({
  ...{ id, subject: { kind: 'cluster', id: 'c1', name: 'web' }, kind: 'apply', plan: PLAN },
  ...{ fingerprint: 'f1', desiredVersion: 3, options: { skipChecks: true } },
  ...{ startedBy: { userId: 'u1', name: 'Ada' }, startedAt: at(seconds) },
  steps: STEPS.map((it, index) => ({ step: it, batch: index === 0 ? 0 : 1 })),
})
const create = (id: string, seconds = 0) =>
  inTransaction((tx) => createApply(tx, apply(id, seconds)))
const statesOf = async (id: string) => (await getApply(id)).steps.map(({ state }) => state)

test('an apply is kept with its plan, its options and its steps in order', async () => {
  await create('a1')
  const { steps, ...rest } = await getApply('a1')
  const { steps: _, ...given } = apply('a1')
  expect(rest).toStrictEqual({ ...given, state: 'running' })
  expect(steps.map((it) => it.step)).toStrictEqual(STEPS)
  expect(steps.map(({ position, batch, state }) => [position, batch, state])).toEqual([
    [0, 0, 'waiting'],
    [1, 1, 'waiting'],
    [2, 1, 'waiting'],
  ])
})

test('a batch is running before it is sent, and its outcomes are kept with their output', async () => {
  await create('a1')
  await startBatch('a1', 0, at(1))
  expect(await statesOf('a1')).toEqual(['running', 'waiting', 'waiting'])
  const output = { exit: 0, stdout: '', stderr: 'it\'s "odd"\n', ms: 12 }
  await inTransaction((tx) =>
    endBatch(tx, 'a1', [{ position: 0, state: 'done', ...output }], at(2)),
  )
  expect((await getApply('a1')).steps[0]).toStrictEqual({
    ...{ position: 0, batch: 0, hostId: 'h1', step: STEPS[0], state: 'done', ...output },
    ...{ startedAt: at(1), endedAt: at(2) },
  })
})

test('outcomes of one apply do not touch another, and a step without an exit has none', async () => {
  await create('a1')
  await create('a2')
  await startBatch('a1', 1, at(1))
  await inTransaction((tx) => endBatch(tx, 'a1', [{ position: 2, state: 'unknown' }], at(2)))
  expect(await statesOf('a1')).toEqual(['waiting', 'running', 'unknown'])
  expect(await statesOf('a2')).toEqual(['waiting', 'waiting', 'waiting'])
  expect((await getApply('a1')).steps[2]).not.toHaveProperty('exit')
})

test('an apply that ends skips what was not reached, and keeps why', async () => {
  await create('a1')
  const failure = {
    code: 'CommandFailed',
    reason: 'command-failed',
    values: { host: 'h1' },
  } as const
  const watch = { synRecv: ['172.25.254.3:80'] }
  await inTransaction((tx) =>
    endApply(tx, 'a1', { state: 'failed', endedAt: at(9), failure, watch }),
  )
  expect(await getApply('a1')).toMatchObject({ state: 'failed', endedAt: at(9), failure, watch })
  expect(await statesOf('a1')).toEqual(['skipped', 'skipped', 'skipped'])
})

test('after a crash what was sent is unknown, what was not is skipped, and what had ended stays', async () => {
  await create('a1', 1)
  await create('a2', 2)
  await inTransaction((tx) => endApply(tx, 'a2', { state: 'verified', endedAt: at(3) }))
  await startBatch('a1', 0, at(4))
  expect(await inTransaction((tx) => interruptApplies(tx, at(5)))).toEqual(['a1'])
  expect(await statesOf('a1')).toEqual(['unknown', 'skipped', 'skipped'])
  const states = (await listApplies({ clusterId: 'c1' })).map(({ id, state }) => [id, state])
  expect(states).toEqual([
    ['a2', 'verified'],
    ['a1', 'interrupted'],
  ])
  expect(await listApplies({ state: 'running' })).toEqual([])
})

test('a save is no news of what runs: whoever asks for that gets the apply before it', async () => {
  await create('a1', 0)
  await inTransaction((tx) => createApply(tx, { ...apply('s1', 1), kind: 'save' }))
  const idsOf = async (filter: Parameters<typeof listApplies>[0]) =>
    (await listApplies({ clusterId: 'c1', ...filter })).map(({ id }) => id)
  expect(await idsOf({})).toEqual(['s1', 'a1'])
  expect(await idsOf({ changes: 'running' })).toEqual(['a1'])
})

const desired = (name: string): DesiredCluster => ({
  ...{ id: 'c1', name, directors: [], services: [], options: DEFAULT_OPTIONS },
})
const ended = async (id: string, seconds: number, state: 'verified' | 'failed', what?: string) => {
  const of = what === undefined ? {} : { desired: desired(what) }
  await inTransaction((tx) => createApply(tx, { ...apply(id, seconds), ...of }))
  await inTransaction((tx) => endApply(tx, id, { state, endedAt: at(seconds) }))
}
const around = async (id: string) => {
  const { before, after } = (await getApply(id)).desired ?? {}
  return [before?.name, after?.name]
}

test('an apply remembers what it took to the hosts, and what the last verified one had', async () => {
  await ended('a1', 1, 'verified', 'first')
  await ended('a2', 2, 'failed', 'second')
  await ended('a3', 3, 'verified', 'third')
  expect(await around('a2')).toEqual(['first', 'second'])
  expect(await around('a3')).toEqual(['first', 'third'])
  expect(await latestApplied('c1')).toEqual({ applyId: 'a3', desired: desired('third') })
})

test('before the first apply no service ran, and what an older Tunboard did not write is not guessed', async () => {
  await ended('a1', 1, 'verified', 'first')
  expect((await getApply('a1')).desired?.before).toEqual(desired('first'))
  await ended('a2', 2, 'verified')
  expect(await latestApplied('c1')).toBeUndefined()
  await ended('a3', 3, 'verified', 'third')
  expect(await around('a3')).toEqual([undefined, 'third'])
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createApply, getApply } from '@/lib/db/applies'
import { interruptApplies, startBatch } from '@/lib/db/apply-steps'
import { listLedger, saveLedger } from '@/lib/db/ledger'
import { takeLocks } from '@/lib/db/locks'
import { inTransaction } from '@/lib/db/transaction'
import { intendLedger } from '@/lib/lvs/ledger-change'
import type { Step } from '@/lib/lvs/plan'
import { type FakeLab, LAB_LOGIN, startFakeLab } from '@/lib/testing/fake-lab'
import { planNow } from './plan-now'
import { recoverApplies } from './recover-applies'
import { planAndApply } from './test-fleet'
import { useTestLab } from './test-lab'
import type { Lab } from './test-world'

vi.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }))

let fleet: FakeLab
let lab: Lab
let clusterId: string
let stop: () => Promise<void>
const said: string[] = []
beforeEach(async () => {
  said.length = 0
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0)
  ;({ fleet, lab, clusterId, stop } = await useTestLab(startFakeLab, LAB_LOGIN))
}, 30_000)
afterEach(() => stop())

/** The database as a process leaves it that is killed after `count` steps reached their hosts. */
async function killedAfter(count: number): Promise<string> {
  const { plan, ledger, fingerprint } = await planNow(clusterId)
  const at = new Date()
  await inTransaction(async (tx) => {
    await createApply(tx, {
      ...{ id: 'a1', subject: { kind: 'cluster', id: clusterId, name: 'web' }, kind: 'apply' },
      ...{ plan, fingerprint, desiredVersion: 1, options: {}, startedAt: at },
      startedBy: { userId: 'u', name: 'Ada' },
      steps: plan.steps.map((step) => ({ step, batch: 0 })),
    })
    await saveLedger(tx, intendLedger(plan, ledger, 'a1'))
  })
  if (count > 0) await startBatch('a1', 0, at)
  const nameOf = (step: Step) => step.hostName as keyof FakeLab['hosts']
  for (const step of plan.steps.slice(0, count))
    if (step.argv.length > 0) fleet.hosts[nameOf(step)].kernel.exec(step.argv, step.stdin)
  await inTransaction((tx) => interruptApplies(tx, at))
  return 'a1'
}

const intended = async () => (await listLedger()).filter(({ state }) => state === 'intended')

test('killed before the first byte: not applied, and the ledger forgets what was intended', async () => {
  const id = await killedAfter(0)
  await recoverApplies()
  expect((await getApply(id)).recovery).toMatchObject({ state: 'not-applied' })
  expect(await listLedger()).toEqual([])
  expect(said.join('')).toContain('An interrupted apply was looked at')
})

test('killed after the last step: applied, and everything is ours', async () => {
  const id = await killedAfter(Number.POSITIVE_INFINITY)
  await recoverApplies()
  expect((await getApply(id)).recovery).toMatchObject({ state: 'applied' })
  expect(await intended()).toEqual([])
  expect((await planNow(clusterId)).plan.steps).toEqual([])
})

test('killed in between: partial, each step with what it came to, and another apply finishes it', async () => {
  const id = await killedAfter(4)
  await recoverApplies()
  const { recovery } = await getApply(id)
  expect(recovery?.state).toBe('partial')
  const states = recovery?.steps.map(({ state }) => state)
  expect(new Set(states)).toEqual(new Set(['done', 'not-done']))
  expect(await intended()).toEqual([])
  expect((await planAndApply(clusterId)).state).toBe('verified')
})

for (const when of ['before', 'after'] as const) {
  test(`a reply lost ${when} its command was carried out is settled when its host is back`, async () => {
    await fleet.hosts.server3.setMisbehaviour({ name: 'drops-mid-plan', at: 3, when })
    expect(await planAndApply(clusterId)).toMatchObject({ state: 'failed' })
    expect((await intended()).map(({ hostId }) => hostId)).toContain(lab.server3)
    await fleet.hosts.server3.setMisbehaviour(undefined)
    await recoverApplies()
    expect(await intended()).toEqual([])
    expect(said.join('')).toContain('A failed apply was looked at')
  })
}

test('a host that cannot be read is asked again later; what its owner still holds is not touched', async () => {
  const id = await killedAfter(4)
  await fleet.hosts.server3.setMisbehaviour({ name: 'unreachable' })
  await recoverApplies()
  expect((await getApply(id)).recovery).toMatchObject({ state: 'unread' })
  await fleet.hosts.server3.setMisbehaviour(undefined)
  const now = new Date()
  await takeLocks([lab.server3], { owner: 'Bob', reason: 'apply web', now })
  await recoverApplies(() => now)
  expect((await getApply(id)).recovery).toMatchObject({ state: 'unread' })
  await recoverApplies(() => new Date(now.getTime() + 31_000))
  expect((await getApply(id)).recovery).toMatchObject({ state: 'partial' })
})

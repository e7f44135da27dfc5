import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { getApply, listApplies } from '@/lib/db/applies'
import { listAuditEvents } from '@/lib/db/audit'
import { listLedger } from '@/lib/db/ledger'
import { listLocks, releaseLocks, takeLocks } from '@/lib/db/locks'
import { parseForm } from '@/lib/lvs/form'
import { lockFormSchema } from '@/lib/lvs/lock-form'
import { type FakeLab, LAB_LOGIN, startFakeLab } from '@/lib/testing/fake-lab'
import { subscribeApply } from './apply-events'
import { applyPlan } from './apply-plan'
import { breakLock } from './break-lock'
import { planNow } from './plan-now'
import { recoverApplies } from './recover-applies'
import { operator, planAndApply, WITHOUT } from './test-fleet'
import { useTestLab } from './test-lab'
import type { Lab } from './test-world'

// The watch after an apply looks five times with pauses of two seconds: here time passes at once.
vi.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }))

let fleet: FakeLab
let lab: Lab
let clusterId: string
let stop: () => Promise<void>
beforeEach(async () => {
  ;({ fleet, lab, clusterId, stop } = await useTestLab(startFakeLab, LAB_LOGIN))
}, 30_000)
afterEach(() => stop())

const [ada, bob] = [operator('Ada'), operator('Bob')]
const changes = (name: keyof FakeLab['hosts']) =>
  fleet.hosts[name].received.commands.filter((argv) => /ipvsadm -[AaEeDd]/.test(argv.join(' ')))

/** Ada applies; as soon as the first batch is on its way Bob breaks the lock of the director. */
async function applyAndBreak() {
  const { fingerprint } = await planNow(clusterId)
  const { applyId, done } = await applyPlan(ada, { clusterId, fingerprint, undo: WITHOUT })
  const held = (await listLocks(ada.now())).find(({ name }) => name === lab.director)
  const generation = held?.generation ?? 0
  const broken = new Promise<void>((resolve, reject) => {
    let once = false
    subscribeApply(applyId, ({ kind }) => {
      if (kind !== 'step' || once) return
      once = true
      const form = { hostId: lab.director, generation, why: 'Ada is on holiday' }
      breakLock(bob, form).then(resolve, reject)
    })
  })
  await Promise.all([broken, done])
  return getApply(applyId)
}

test('an owner that lives finds its lock broken before its next batch, and ends with who and why', async () => {
  const { state, failure, steps } = await applyAndBreak()
  expect({ state, failure }).toEqual({
    state: 'interrupted',
    failure: {
      ...{ code: 'Conflict', reason: 'lock-broken' },
      values: { who: 'Bob', host: 'director', why: 'Ada is on holiday' },
    },
  })
  const onDirector = steps.filter(({ hostId }) => hostId === lab.director)
  expect(new Set(onDirector.map((each) => each.state))).toEqual(new Set(['skipped']))
  expect(changes('director')).toEqual([])
  expect(await listLocks(ada.now())).toEqual([])
})

test('the one who broke it goes on from what is there, and nothing is left intended', async () => {
  const { id } = await applyAndBreak()
  const said: string[] = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0)
  await recoverApplies()
  expect(said.join('')).toContain('An interrupted apply was looked at')
  expect((await getApply(id)).recovery?.state).toBe('partial')
  expect((await planAndApply(clusterId, bob)).state).toBe('verified')
  expect((await planNow(clusterId)).plan.steps).toEqual([])
  expect(new Set((await listLedger()).map((row) => row.state))).toEqual(new Set(['ours']))
})

test('breaking a lock is kept with whose it was, what for, and the reason', async () => {
  const taking = { owner: 'Ada', reason: 'apply web', now: ada.now() }
  const [lease] = await takeLocks([lab.director], taking)
  const { generation = 0 } = lease ?? {}
  await breakLock(bob, { hostId: lab.director, generation, why: 'her laptop died' })
  const [event] = await listAuditEvents({ subject: `host:${lab.director}`, limit: 1 })
  expect(event).toMatchObject({
    ...{ action: 'break-lock', userName: 'Bob' },
    detail: {
      ...{ host: 'director', owner: 'Ada', reason: 'apply web', generation },
      why: 'her laptop died',
    },
  })
  const again = { ...taking, owner: 'Bob', now: bob.now() }
  expect(await takeLocks([lab.director], again)).toHaveLength(1)
})

test('only the lock that was seen is broken: one that went, or that another took, stays', async () => {
  const taking = { owner: 'Ada', reason: 'apply web', now: ada.now() }
  const form = { hostId: lab.director, generation: 1, why: 'too slow' }
  await releaseLocks(await takeLocks([lab.director], taking), ada.now())
  await expect(breakLock(bob, form)).rejects.toMatchObject({ reason: 'lock-gone' })
  await takeLocks([lab.director], { ...taking, now: ada.now() })
  await expect(breakLock(bob, form)).rejects.toMatchObject({ reason: 'lock-gone' })
  expect(await listLocks(ada.now())).toHaveLength(1)
})

test('who finds a host locked is told its name, by whom, what for, and the apply that it is', async () => {
  const { fingerprint } = await planNow(clusterId)
  const { applyId, done } = await applyPlan(ada, { clusterId, fingerprint, undo: WITHOUT })
  await expect(applyPlan(bob, { clusterId, fingerprint, undo: WITHOUT })).rejects.toMatchObject({
    reason: 'locked',
    values: { owner: 'Ada', reason: 'apply web', apply: applyId },
  })
  await done
})

test('a lease that is lost while the hosts are still read leaves no apply behind', async () => {
  const { fingerprint } = await planNow(clusterId)
  let asked = 0
  // the clock is asked first for the locks, and then for the commit of the intent: reading took longer than a lease
  const now = () => (asked++ === 0 ? new Date(Date.now() - 40_000) : new Date())
  await expect(applyPlan({ ...ada, now }, { clusterId, fingerprint })).rejects.toMatchObject({
    reason: 'lease-lost',
  })
  expect(await listApplies({ clusterId })).toEqual([])
  expect(await listLedger()).toEqual([])
})

test.each(['', '   ', 'x'.repeat(201)])('a lock is not broken for the reason %o', (why) => {
  expect(() => parseForm(lockFormSchema, { hostId: 'h', generation: '1', why })).toThrow()
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { getApply, listApplies } from '@/lib/db/applies'
import { getCluster } from '@/lib/db/clusters'
import { LEASE_SECONDS, listLocks } from '@/lib/db/locks'
import { closeHost } from '@/lib/ssh/client'
import { type FakeLab, LAB_LOGIN, startFakeLab } from '@/lib/testing/fake-lab'
import { applyPlan } from './apply-plan'
import { fenceWords } from './fences'
import { planNow } from './plan-now'
import { setWeights } from './set-weights'
import { operator, planAndApply, WITHOUT } from './test-fleet'
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

const ada = operator('Ada')
const commandsOf = () => Object.values(fleet.hosts).flatMap(({ received }) => received.commands)
const apply = async () => {
  const { fingerprint } = await planNow(clusterId)
  return applyPlan(ada, { clusterId, fingerprint, undo: WITHOUT })
}

test('while another Tunboard holds the fence of a host nothing is sent to any, and no lock stays', async () => {
  const who = 'Bob: apply web'
  await fleet.hosts.server3.setMisbehaviour({ name: 'fence-held', who })
  await expect(apply()).rejects.toMatchObject({
    ...{ code: 'Conflict', reason: 'fence-held' },
    values: { host: 'server3', holder: who },
  })
  expect(commandsOf()).toEqual([])
  expect(await listLocks(new Date())).toEqual([])
  expect(await listApplies({ clusterId })).toEqual([])
  await fleet.hosts.server3.setMisbehaviour(undefined)
  expect((await planAndApply(clusterId)).state).toBe('verified')
})

test('reading to look at a plan needs no fence, and takes none', async () => {
  for (const host of Object.values(fleet.hosts))
    await host.setMisbehaviour({ name: 'fence-held', who: 'Bob' })
  expect((await planNow(clusterId)).plan.waiting).toEqual([])
})

test('whoever lost his connection lost the fence: the batch is not sent over a new one', async () => {
  const { applyId, done } = await apply()
  closeHost(lab.server2) // the next exchange dials anew
  await done
  expect(await getApply(applyId)).toMatchObject({
    state: 'failed',
    failure: { code: 'Conflict', reason: 'fence-lost', values: { host: 'server2' } },
  })
  expect(fleet.hosts.server2.received.commands).toEqual([])
  expect((await planAndApply(clusterId)).state).toBe('verified')
})

test('whoever slept through his lease wakes up to send nothing more', async () => {
  const { fingerprint } = await planNow(clusterId)
  let asleep = 0
  const sleeper = { ...ada, now: () => new Date(Date.now() + asleep) }
  const { applyId, done } = await applyPlan(sleeper, { clusterId, fingerprint, undo: WITHOUT })
  asleep = (LEASE_SECONDS + 1) * 1000
  await done
  expect((await getApply(applyId)).failure).toMatchObject({ reason: 'lease-lost' })
  // what was under way on real servers when it fell asleep was; the stage after it was not begun
  expect(fleet.hosts.director.received.commands).toEqual([])
})

test('an apply costs each host three exchanges: read, run and read back, read', async () => {
  expect((await planAndApply(clusterId)).state).toBe('verified')
  const { director } = fleet.hosts
  const before = director.received.reads
  const { desired, version } = await getCluster(clusterId)
  const [first] = desired.services[0]?.realServers ?? []
  await setWeights(ada, { clusterId, version }, { [first?.id ?? '']: 3 })
  const { fingerprint } = await planNow(clusterId)
  const { applyId, done } = await applyPlan(ada, { clusterId, fingerprint, undo: WITHOUT })
  await done
  expect((await getApply(applyId)).state).toBe('verified')
  // the plan that was looked at, the same under the fence, after the batch, at the end, and the look at what is saved
  expect(director.received.reads - before).toBe(5)
})

test('who holds a fence is told in one line, whatever a person is called', () => {
  expect(fenceWords('Ada\u0000\n  Lovelace\u202e: apply web')).toBe('Ada Lovelace: apply web')
  expect(fenceWords('x'.repeat(500))).toHaveLength(80)
})

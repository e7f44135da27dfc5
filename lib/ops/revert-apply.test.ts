import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { getApply, listApplies } from '@/lib/db/applies'
import { listAuditEvents } from '@/lib/db/audit'
import { getCluster } from '@/lib/db/clusters'
import { listDrains } from '@/lib/db/drains'
import { listLedger } from '@/lib/db/ledger'
import { listLocks } from '@/lib/db/locks'
import { useTestDatabase } from '@/lib/db/test-database'
import { realServerFormSchema } from '@/lib/lvs/real-server-form'
import type { RevertChoices } from '@/lib/lvs/revert-items'
import { closeAll } from '@/lib/ssh/client'
import { type FakeLab, LAB_LOGIN, startFakeLab } from '@/lib/testing/fake-lab'
import { addRealServer } from './add-real-server'
import { deleteHost } from './delete-host'
import { payDebts } from './pay-debts'
import { planNow } from './plan-now'
import { removeRealServer } from './remove-real-server'
import { planRevert, revertApply } from './revert-apply'
import { setWeights } from './set-weights'
import { startDrain } from './start-drain'
import { createTutorial, operator, planAndApply, registerLab, WITHOUT } from './test-fleet'
import type { Lab } from './test-world'

// The watch after an apply looks five times with pauses of two seconds: here time passes at once.
vi.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }))

let fleet: FakeLab
let lab: Lab
let clusterId: string
let remove: () => Promise<void>
beforeEach(async () => {
  ;({ remove } = await useTestDatabase())
  globalThis.tunboardSecretKey = Buffer.alloc(32, 1)
  fleet = await startFakeLab()
  lab = await registerLab(fleet.hosts, LAB_LOGIN)
  clusterId = await createTutorial(lab)
}, 30_000)
afterEach(async () => {
  await closeAll()
  await fleet.close()
  await remove()
})

const ada = operator('Ada')
const bob = operator('Bob')
const WWW = '172.25.254.100:80'
const ENTRY_3 = `entry tcp ${WWW} 172.25.254.3:80`
const table = () => fleet.hosts.director.kernel.exec(['ipvsadm', '-Sn']).stdout
const snapshots = () => Object.values(fleet.hosts).map(({ kernel }) => kernel.fork().snapshot())
const version = async () => (await getCluster(clusterId)).version
const target = async () => ({ clusterId, version: await version() })
const desired = async () => (await getCluster(clusterId)).desired
const idOf = async (lan: number) =>
  (await desired()).services
    .flatMap(({ realServers }) => realServers)
    .find(({ key }) => key.rip === `172.25.254.${lan}`)?.id ?? ''

async function addServer4() {
  const serviceIds = (await desired()).services.map(({ id }) => id)
  const form = realServerFormSchema.parse({ hostId: lab.server4, rip: '172.25.254.4' })
  await addRealServer(ada, { ...(await target()), serviceIds }, form)
}
const weigh = async (lan: number, weight: number, who = ada) =>
  setWeights(who, await target(), { [await idOf(lan)]: weight })

/** Reverts as a person does: plans, looks, applies what was seen, and waits for the end. */
async function revert(applyId: string, choices: RevertChoices = {}, who = bob) {
  const { planned, revert: seen } = await planRevert(applyId, { choices })
  const { fingerprint } = planned
  const request = { applyId, version: seen.version, fingerprint, choices }
  const started = await revertApply(who, { ...request, undo: WITHOUT })
  await started.done
  return getApply(started.applyId)
}

test('an apply is reverted by an apply of its own: desired, tables and hosts are as before', async () => {
  await planAndApply(clusterId)
  const [was, before] = [await desired(), snapshots()]
  await weigh(3, 7)
  await addServer4()
  const { id } = await planAndApply(clusterId)
  const reverted = await revert(id)
  expect(reverted).toMatchObject({
    ...{ kind: 'revert', revertOf: id, state: 'verified', startedBy: { name: 'Bob' } },
    desiredVersion: await version(),
  })
  expect(await desired()).toEqual(was)
  expect(snapshots()).toEqual(before)
  expect((await planNow(clusterId)).plan.steps).toEqual([])
  expect(await listLocks(ada.now())).toEqual([])
  const events = await listAuditEvents({ subject: `cluster:${clusterId}`, limit: 2 })
  expect(events.map(({ action, userName }) => [action, userName]).sort()).toEqual([
    ['revert-apply', 'Bob'],
    ['revert-desired', 'Bob'],
  ])
})

test('reverting the first apply takes everything off the hosts, and the cluster stays', async () => {
  const before = snapshots()
  const { id } = await planAndApply(clusterId)
  expect((await revert(id)).state).toBe('verified')
  expect(snapshots().slice(1)).toEqual(before.slice(1)) // ip_vs stays on the director: its schedulers hold it
  expect(table()).toBe('')
  expect(await listLedger()).toEqual([])
  expect((await desired()).directors).toHaveLength(1)
})

test('a revert can be reverted: rows that come back have their old ids', async () => {
  await planAndApply(clusterId)
  await addServer4()
  const { id } = await planAndApply(clusterId)
  const [was, before] = [await desired(), table()]
  const { id: back } = await revert(id)
  expect(table()).not.toContain('172.25.254.4')
  expect((await revert(back)).state).toBe('verified')
  expect(await desired()).toEqual(was)
  expect(table()).toBe(before)
})

test('planning a revert saves nothing and sends nothing that changes anything', async () => {
  await planAndApply(clusterId)
  await weigh(3, 7)
  const { id } = await planAndApply(clusterId)
  const [was, running] = [await getCluster(clusterId), snapshots()]
  const { planned } = await planRevert(id)
  expect(planned.plan.steps.map(({ argv }) => argv.join(' '))).toEqual([
    `ipvsadm -e -t ${WWW} -r 172.25.254.3:80 -i -w 1`,
  ])
  expect(await getCluster(clusterId)).toEqual(was)
  expect(snapshots()).toEqual(running)
})

test('an item that somebody changed since is asked about, and nothing is applied before the answer', async () => {
  await planAndApply(clusterId)
  await weigh(3, 7)
  const { id } = await planAndApply(clusterId)
  await weigh(3, 9, bob)
  await planAndApply(clusterId)
  await expect(revert(id)).rejects.toMatchObject({
    reason: 'revert-undecided',
    values: { count: 1 },
  })
  expect(table()).toContain('172.25.254.3:80 -i -w 9')
  expect((await revert(id, { [ENTRY_3]: 'back' })).state).toBe('verified')
  expect(table()).toContain('172.25.254.3:80 -i -w 1')
})

test('desired that moved since the revert was looked at is a conflict that names who moved it', async () => {
  await planAndApply(clusterId)
  await weigh(3, 7)
  const { id } = await planAndApply(clusterId)
  const { planned, revert: seen } = await planRevert(id)
  await weigh(2, 4, bob)
  const { fingerprint } = planned
  const request = { applyId: id, version: seen.version, fingerprint }
  await expect(revertApply(ada, request)).rejects.toMatchObject({
    reason: 'desired-moved',
    values: { who: 'Bob', action: 'set-weights', what: '172.25.254.2:80 = 4' },
  })
  expect(table()).toContain('172.25.254.3:80 -i -w 7')
})

test('running that moved since is a conflict, and desired stays as it was', async () => {
  await planAndApply(clusterId)
  await weigh(3, 7)
  const { id } = await planAndApply(clusterId)
  const { planned, revert: seen } = await planRevert(id)
  const { kernel } = fleet.hosts.director
  kernel.exec(['ipvsadm', '-e', '-t', WWW, '-r', '172.25.254.3:80', '-i', '-w', '2'])
  const was = await getCluster(clusterId)
  const request = { applyId: id, version: seen.version, fingerprint: planned.fingerprint }
  await expect(revertApply(ada, request)).rejects.toMatchObject({ reason: 'plan-moved' })
  expect(await getCluster(clusterId)).toEqual(was)
  expect((await listApplies({ clusterId })).filter(({ kind }) => kind === 'revert')).toEqual([])
  expect(await listLocks(ada.now())).toEqual([])
})

test('an apply of which nothing was verified goes back too, half done as it is', async () => {
  await planAndApply(clusterId)
  const [was, before] = [await desired(), snapshots()]
  await addServer4()
  await weigh(3, 7)
  await fleet.hosts.server4.setMisbehaviour({ name: 'drops-mid-plan', at: 4, when: 'after' })
  const { id, state } = await planAndApply(clusterId)
  expect(state).toBe('failed')
  await fleet.hosts.server4.setMisbehaviour(undefined)
  expect((await revert(id)).state).toBe('verified')
  expect(await desired()).toEqual(was)
  expect(snapshots()).toEqual(before)
})

test('where nothing of it reached a host, going back changes desired and says so in the journal', async () => {
  await planAndApply(clusterId)
  const was = await desired()
  await addServer4()
  await fleet.hosts.server4.setMisbehaviour({ name: 'drops-mid-plan', at: 1, when: 'before' })
  const { id } = await planAndApply(clusterId)
  await fleet.hosts.server4.setMisbehaviour(undefined)
  const reverted = await revert(id)
  expect(reverted).toMatchObject({ state: 'verified', steps: [] })
  expect(await desired()).toEqual(was)
  await expect(revert(id)).rejects.toMatchObject({ reason: 'plan-empty' })
})

test('a weight that comes back ends the drain that waited for it', async () => {
  await planAndApply(clusterId)
  const before = table()
  const form = { realServerIds: [await idOf(3)], deadlineSeconds: 600 }
  await startDrain(ada, { ...(await target()), ...form })
  const { id } = await planAndApply(clusterId)
  expect(table()).toContain('172.25.254.3:80 -i -w 0')
  await revert(id)
  expect(table()).toBe(before)
  expect((await listDrains({ clusterId })).map(({ state }) => state)).toEqual(['cancelled'])
})

test('a real server that comes back owes nothing: nobody cleans up behind it', async () => {
  await planAndApply(clusterId)
  await fleet.hosts.server3.setMisbehaviour({ name: 'unreachable' })
  await removeRealServer(ada, { ...(await target()), realServerIds: [await idOf(3)] })
  const { id, plan } = await planAndApply(clusterId)
  expect(plan.debts).toHaveLength(1)
  await revert(id)
  await fleet.hosts.server3.setMisbehaviour(undefined)
  await payDebts()
  expect((await listApplies({ clusterId })).map(({ kind }) => kind)).not.toContain('debt')
  expect((await planAndApply(clusterId)).state).toBe('verified')
  expect(table()).toContain('172.25.254.3:80 -i -w 1')
})

test('a host that was deleted since refuses a revert that needs it', async () => {
  await planAndApply(clusterId)
  await removeRealServer(ada, { ...(await target()), realServerIds: [await idOf(3)] })
  const { id } = await planAndApply(clusterId)
  await deleteHost(ada, lab.server3)
  const { planned } = await planRevert(id)
  expect(planned.plan.refusals).toEqual([
    { why: { code: 'refusal.host-deleted', values: { host: 'server3' } } },
  ])
  await expect(revert(id)).rejects.toMatchObject({ reason: 'plan-refused' })
})

test('of what changed nothing that runs there is nothing to take back', async () => {
  await planAndApply(clusterId)
  const { kernel } = fleet.hosts.director
  kernel.exec(['ipvsadm', '-d', '-t', WWW, '-r', '172.25.254.3:80'])
  const { id } = await planAndApply(clusterId)
  await expect(planRevert(id)).rejects.toMatchObject({ reason: 'revert-changed-nothing' })
})

test('of two operators who revert the same apply at once, one gets a conflict', async () => {
  await planAndApply(clusterId)
  await weigh(3, 7)
  const { id } = await planAndApply(clusterId)
  const both = await Promise.allSettled([revert(id, {}, ada), revert(id, {}, bob)])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const lost = both.find((each) => each.status === 'rejected')
  expect(lost?.reason).toMatchObject({ code: 'Conflict' })
  const reverts = (await listApplies({ clusterId })).filter(({ kind }) => kind === 'revert')
  expect(reverts).toHaveLength(1)
})

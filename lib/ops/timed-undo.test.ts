import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { getApply } from '@/lib/db/applies'
import { getApplyUndo } from '@/lib/db/apply-undo'
import { savePolicy } from '@/lib/db/cluster-policy'
import { getCluster } from '@/lib/db/clusters'
import { listLedger } from '@/lib/db/ledger'
import { useTestDatabase } from '@/lib/db/test-database'
import { inTransaction } from '@/lib/db/transaction'
import { DEFAULT_POLICY, type Policy } from '@/lib/lvs/policy-form'
import { realServerFormSchema } from '@/lib/lvs/real-server-form'
import { closeAll } from '@/lib/ssh/client'
import { type FakeLab, LAB_LOGIN, startFakeLab } from '@/lib/testing/fake-lab'
import { addRealServer } from './add-real-server'
import { applyPlan } from './apply-plan'
import { confirmApply } from './confirm-undo'
import { planNow } from './plan-now'
import { removeRealServer } from './remove-real-server'
import { setWeights } from './set-weights'
import { takeDownCluster } from './take-down-cluster'
import {
  createTutorial,
  operator,
  planAndApply as planAndApplyWith,
  registerLab,
} from './test-fleet'
import type { Lab } from './test-world'
import { undoNow, watchUndos } from './watch-undos'

vi.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }))

let fleet: FakeLab
let lab: Lab
let clusterId: string
let remove: () => Promise<void>
const said: string[] = []
beforeEach(async () => {
  said.length = 0
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0)
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
const planAndApply = (id: string) => planAndApplyWith(id, ada, {})
const decide = (policy: Partial<Policy>) =>
  inTransaction((tx) => savePolicy(tx, clusterId, { ...DEFAULT_POLICY, ...policy }))
const kernels = () => Object.values(fleet.hosts).map(({ kernel }) => kernel)
const snapshots = () => kernels().map((kernel) => kernel.fork().snapshot())
const armed = () => kernels().flatMap(({ state }) => state.undos ?? [])
const fireAll = () => {
  for (const kernel of kernels()) kernel.fireUndos()
}
const later = () => new Date(Date.now() + 61_000)
const sent = () =>
  Object.values(fleet.hosts)
    .flatMap(({ received }) => received.commands)
    .filter((argv) => !argv.some((word) => word.startsWith('tunboard-')))

async function addServer4() {
  const { desired, version } = await getCluster(clusterId)
  const serviceIds = desired.services.map(({ id }) => id)
  const form = realServerFormSchema.parse({ hostId: lab.server4, rip: '172.25.254.4' })
  await addRealServer(ada, { clusterId, version, serviceIds }, form)
}

test('an apply that can cut a path is confirmed by Tunboard over new logins, and leaves no trace', async () => {
  const logins = () => fleet.hosts.server2.received.auth.length
  await planNow(clusterId)
  const before = logins()
  const { id, state } = await planAndApply(clusterId)
  expect(state).toBe('verified')
  expect(logins()).toBe(before + 1)
  expect(armed()).toEqual([])
  expect(await getApplyUndo(id)).toMatchObject({ state: 'confirmed', by: 'Tunboard', seconds: 60 })
})

test('a change of weight arms nothing, unless the policy says always', async () => {
  await planAndApply(clusterId)
  const weigh = async (weight: number) => {
    const { desired, version } = await getCluster(clusterId)
    const [first] = desired.services[0]?.realServers ?? []
    await setWeights(ada, { clusterId, version }, { [first?.id ?? '']: weight })
    return getApplyUndo((await planAndApply(clusterId)).id)
  }
  expect(await weigh(2)).toBeUndefined()
  await decide({ timedUndo: 'always' })
  expect(await weigh(3)).toMatchObject({ state: 'confirmed', hosts: [{ hostName: 'director' }] })
})

test('a person confirms: until then it waits, and no other apply begins on its hosts', async () => {
  await decide({ confirmBy: 'person' })
  const { id, state } = await planAndApply(clusterId)
  expect(state).toBe('armed')
  await watchUndos()
  expect((await getApply(id)).state).toBe('armed')
  await addServer4()
  const { fingerprint } = await planNow(clusterId)
  await expect(applyPlan(ada, { clusterId, fingerprint })).rejects.toMatchObject({
    reason: 'undo-armed',
    values: { apply: id },
  })
  await confirmApply(ada, id)
  expect((await getApply(id)).state).toBe('verified')
  expect(await getApplyUndo(id)).toMatchObject({ state: 'confirmed', by: 'Ada' })
  await expect(confirmApply(ada, id)).rejects.toMatchObject({ reason: 'undo-over' })
})

test('nobody confirms: hosts are as before, desired too, the ledger forgets, and the next plan is empty', async () => {
  await planAndApply(clusterId)
  await decide({ confirmBy: 'person' })
  const { desired: was } = await getCluster(clusterId)
  const before = snapshots()
  const rows = await listLedger()
  await addServer4()
  const { id } = await planAndApply(clusterId)
  await watchUndos(later)
  expect((await getApply(id)).state).toBe('armed') // its time is over, and the hosts have not said so yet
  fireAll()
  await watchUndos(later)
  expect((await getApply(id)).state).toBe('undone')
  expect(await getApplyUndo(id)).toMatchObject({ state: 'undone' })
  expect(snapshots()).toEqual(before)
  expect((await getCluster(clusterId)).desired).toEqual(was)
  expect(await listLedger()).toEqual(rows)
  expect((await planNow(clusterId)).plan.steps).toEqual([])
  expect(armed()).toEqual([])
})

const undoable = {
  'a removed real server': async () => {
    const { desired, version } = await getCluster(clusterId)
    const ids = desired.services[0]?.realServers.map(({ id }) => id) ?? []
    await removeRealServer(ada, { clusterId, version, realServerIds: ids.slice(1) })
  },
  'a cluster taken down': async () => {
    const { version } = await getCluster(clusterId)
    await takeDownCluster(ada, { clusterId, version })
  },
  'an edited weight': async () => {
    await decide({ confirmBy: 'person', timedUndo: 'always' })
    const { desired, version } = await getCluster(clusterId)
    const [first] = desired.services[0]?.realServers ?? []
    await setWeights(ada, { clusterId, version }, { [first?.id ?? '']: 7 })
  },
}

test.each(Object.entries(undoable))(
  'what the undo of %s gave back is ours as before',
  async (_, takeAway) => {
    await planAndApply(clusterId)
    await decide({ confirmBy: 'person' })
    const before = snapshots()
    const rows = await listLedger()
    await takeAway()
    const { id, state } = await planAndApply(clusterId)
    expect(state).toBe('armed')
    fireAll()
    await watchUndos(later)
    expect((await getApply(id)).state).toBe('undone')
    expect(snapshots()).toEqual(before)
    expect(await listLedger()).toEqual(rows)
    const { plan } = await planNow(clusterId)
    expect([plan.steps, plan.refusals]).toEqual([[], []])
  },
)

test('what somebody changed meanwhile is his: it is not put back, and desired is not taken back over it', async () => {
  await planAndApply(clusterId)
  await decide({ confirmBy: 'person' })
  await addServer4()
  const { id } = await planAndApply(clusterId)
  const { desired, version } = await getCluster(clusterId)
  const [first] = desired.services[0]?.realServers ?? []
  await setWeights(ada, { clusterId, version }, { [first?.id ?? '']: 7 })
  fleet.hosts.director.kernel.exec(
    'ipvsadm -e -t 172.25.254.100:80 -r 172.25.254.4:80 -i -w 9'.split(' '),
  )
  fireAll()
  await watchUndos(later)
  expect((await getApply(id)).state).toBe('undone')
  expect(fleet.hosts.director.kernel.exec(['ipvsadm', '-Sn']).stdout).toContain('.4:80 -i -w 9')
  expect((await getCluster(clusterId)).version).toBe(version + 1)
})

test('undone at once on demand, in the name of who said so', async () => {
  await planAndApply(clusterId)
  await decide({ confirmBy: 'person' })
  const before = snapshots()
  await addServer4()
  const { id } = await planAndApply(clusterId)
  await undoNow(ada, id)
  expect((await getApply(id)).state).toBe('undone')
  expect(await getApplyUndo(id)).toMatchObject({ state: 'undone', by: 'Ada' })
  expect(snapshots()).toEqual(before)
})

test('a host that does not answer a new login leaves all unconfirmed', async () => {
  await decide({ confirmBy: 'person' })
  const { id } = await planAndApply(clusterId)
  await fleet.hosts.server3.setMisbehaviour({ name: 'refuses-key' })
  await expect(confirmApply(ada, id)).rejects.toMatchObject({
    reason: 'undo-no-answer',
    values: { host: 'server3' },
  })
  expect(armed().map(({ state }) => state)).toEqual(['armed', 'armed', 'armed'])
})

test('a host that cannot arm ends the apply before its first step, and nothing stays armed', async () => {
  fleet.hosts.server3.kernel.state.sudo = 'absent'
  const { kernel } = fleet.hosts.server3
  const exec = kernel.exec
  vi.spyOn(kernel, 'exec').mockImplementation((argv, stdin, as) =>
    argv.includes('tunboard-arm')
      ? { exit: 1, stdout: '', stderr: 'sudo: a password is required\n' }
      : exec(argv, stdin, as),
  )
  const { state, failure } = await planAndApply(clusterId)
  expect(state).toBe('failed')
  expect(failure).toMatchObject({ reason: 'undo-not-armed', values: { host: 'server3' } })
  expect(sent()).toEqual([])
  expect(armed()).toEqual([])
  const { fingerprint } = await planNow(clusterId)
  const { applyId, done } = await applyPlan(ada, {
    ...{ clusterId, fingerprint },
    undo: { timer: 'without' },
  })
  await done
  expect((await getApply(applyId)).state).toBe('verified')
})

test('a failed apply whose hosts all answer is disarmed: it may be finished at once', async () => {
  await planAndApply(clusterId)
  const { state } = fleet.hosts.director.kernel
  state.answers = state.answers.filter((address) => address !== '172.25.254.4:80')
  await addServer4()
  const { id } = await planAndApply(clusterId)
  expect((await getApply(id)).state).toBe('failed')
  expect(armed()).toEqual([])
  state.answers.push('172.25.254.4:80')
  expect((await planAndApply(clusterId)).state).toBe('verified')
})

test('a failed apply that cut a path is taken back by its hosts, by themselves', async () => {
  await planAndApply(clusterId)
  const { desired: was } = await getCluster(clusterId)
  const before = snapshots()
  await addServer4()
  const { server4 } = fleet.hosts
  const exec = server4.kernel.exec
  vi.spyOn(server4.kernel, 'exec').mockImplementation((argv, stdin, as) => {
    // the second change cuts the path: nobody can log in until it is taken back
    if (argv.includes('sysctl')) void server4.setMisbehaviour({ name: 'unreachable' })
    return exec(argv, stdin, as)
  })
  const { id } = await planAndApply(clusterId)
  vi.restoreAllMocks()
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0)
  expect(await getApply(id)).toMatchObject({ state: 'failed', failure: { code: 'Unreachable' } })
  expect(armed().some(({ state }) => state === 'armed')).toBe(true)
  fireAll()
  await server4.setMisbehaviour(undefined)
  await watchUndos(later)
  expect((await getApply(id)).state).toBe('undone')
  expect(snapshots()).toEqual(before)
  expect((await getCluster(clusterId)).desired).toEqual(was)
})

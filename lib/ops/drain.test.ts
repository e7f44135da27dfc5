import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { listApplies } from '@/lib/db/applies'
import { getCluster } from '@/lib/db/clusters'
import { listDrains, updateDrain } from '@/lib/db/drains'
import { listLedger } from '@/lib/db/ledger'
import { releaseLocks, takeLocks } from '@/lib/db/locks'
import { useTestDatabase } from '@/lib/db/test-database'
import { inTransaction } from '@/lib/db/transaction'
import { closeAll } from '@/lib/ssh/client'
import { type FakeLab, LAB_LOGIN, startFakeLab } from '@/lib/testing/fake-lab'
import { planNow } from './plan-now'
import { removeRealServer } from './remove-real-server'
import { setWeights } from './set-weights'
import { startDrain } from './start-drain'
import { createTutorial, operator, planAndApply, registerLab } from './test-fleet'
import type { Lab } from './test-world'
import { undoDrain } from './undo-drain'
import { watchDrains } from './watch-drains'

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
}, 30_000)
afterEach(async () => {
  await closeAll()
  await fleet.close()
  await remove()
})

const ada = operator('Ada')
const WWW = '172.25.254.100:80'
const SERVER3 = '172.25.254.3:80'
const table = () => fleet.hosts.director.kernel.exec(['ipvsadm', '-Sn']).stdout

async function applied(otherwise: Record<string, unknown> = {}) {
  clusterId = await createTutorial(lab, otherwise)
  expect((await planAndApply(clusterId)).state).toBe('verified')
}

/** Opens connections through the director until server3 gets one. */
function connectToServer3() {
  const { kernel } = fleet.hosts.director
  for (const last of [250, 251, 252, 253]) {
    const connection = kernel.openConnection(['-t', WWW], `172.25.254.${last}`)
    if (connection?.realServer === SERVER3) return connection
    connection?.close()
  }
  throw new Error('server3 got no connection')
}

async function drainServer3(deadlineSeconds = 600, context = ada) {
  const { desired, version } = await getCluster(clusterId)
  const all = desired.services.flatMap(({ realServers }) => realServers)
  const realServerIds = all.filter(({ key }) => key.rip === '172.25.254.3').map(({ id }) => id)
  await startDrain(context, { clusterId, version, realServerIds, deadlineSeconds })
}

async function theDrain() {
  const [drain] = await listDrains({ clusterId })
  if (drain === undefined) throw new Error('there is no drain')
  return drain
}

test('a drain begins with one command, and waits for it', async () => {
  await applied()
  await drainServer3()
  const { plan } = await planNow(clusterId)
  expect(plan.steps.map(({ argv }) => argv.join(' '))).toEqual([
    `ipvsadm -e -t ${WWW} -r ${SERVER3} -i -w 0`,
  ])
  await watchDrains()
  expect(await theDrain()).toMatchObject({ state: 'waiting' })
  expect(await theDrain()).not.toHaveProperty('lastCounts')
  expect(table()).toContain(`${SERVER3} -i -w 1`)
})

test('it waits while a connection is active, and removes the real server when the last has ended', async () => {
  const before = fleet.hosts.server3.kernel.fork().snapshot()
  await applied()
  const connection = connectToServer3()
  await drainServer3()
  await planAndApply(clusterId)
  await watchDrains()
  await watchDrains()
  expect(await theDrain()).toMatchObject({ state: 'waiting', lastCounts: { active: 1 } })
  expect(table()).toContain(`${SERVER3} -i -w 0`)
  expect(fleet.hosts.director.kernel.openConnection(['-t', WWW], '172.25.254.9')?.realServer).toBe(
    '172.25.254.2:80',
  )

  connection.close() // lingers as inactive for 120 s: not waited for
  await watchDrains()
  expect(await theDrain()).toMatchObject({
    state: 'removed',
    lastCounts: { active: 0, inactive: 1 },
  })
  expect(table()).not.toContain(SERVER3)
  expect(fleet.hosts.server3.kernel.snapshot()).toEqual(before)
  expect((await listLedger()).filter(({ hostId }) => hostId === lab.server3)).toEqual([])
  const [last] = await listApplies({ clusterId, limit: 1 })
  expect(last).toMatchObject({ kind: 'drain', state: 'verified', startedBy: { name: 'Ada' } })
  expect((await planNow(clusterId)).plan.steps).toEqual([])
})

test('at its deadline it removes the real server although a connection is active', async () => {
  await applied()
  connectToServer3()
  const earlier = { ...ada, now: () => new Date(Date.now() - 60_000) }
  await drainServer3(10, earlier)
  await planAndApply(clusterId)
  await watchDrains()
  // the plan was read for a minute: the ten seconds run from when the host said weight 0
  expect(await theDrain()).toMatchObject({ state: 'waiting', lastCounts: { active: 1 } })
  await watchDrains(() => new Date(Date.now() + 11_000))
  expect(await theDrain()).toMatchObject({ state: 'removed', lastCounts: { active: 1 } })
  expect(table()).not.toContain(SERVER3)
})

test('the sticky clients of a persistent service are waited for too', async () => {
  const service = { kind: 'address', protocol: 'tcp', vip: '172.25.254.100', port: '80' }
  await applied({ service: { ...service, scheduler: 'rr', persistenceSeconds: '300' } })
  expect(table()).toContain('-p 300')
  connectToServer3().close()
  await drainServer3()
  await planAndApply(clusterId)
  await watchDrains()
  expect(await theDrain()).toMatchObject({
    state: 'waiting',
    lastCounts: { active: 0, persistent: 1 },
  })
  for (const each of fleet.hosts.director.kernel.state.ipvs?.services ?? [])
    for (const destination of each.destinations) destination.persistent = 0
  await watchDrains()
  expect((await theDrain()).state).toBe('removed')
})

test('taken back, it gives the weight back, and removes nothing any more', async () => {
  await applied()
  connectToServer3()
  await drainServer3()
  await planAndApply(clusterId)
  await watchDrains()
  await undoDrain(ada, { drainId: (await theDrain()).id })
  expect((await theDrain()).state).toBe('cancelled')
  const { plan } = await planNow(clusterId)
  expect(plan.steps.map(({ argv }) => argv.join(' '))).toEqual([
    `ipvsadm -e -t ${WWW} -r ${SERVER3} -i -w 1`,
  ])
  await planAndApply(clusterId)
  await watchDrains()
  expect(table()).toContain(`${SERVER3} -i -w 1`)
})

test('what is removed already cannot be taken back, and what is drained is not drained twice', async () => {
  await applied()
  await drainServer3()
  await expect(drainServer3()).rejects.toMatchObject({ reason: 'already-draining' })
  await planAndApply(clusterId)
  await watchDrains()
  const { id, state } = await theDrain()
  expect(state).toBe('removed')
  await expect(undoDrain(ada, { drainId: id })).rejects.toMatchObject({ reason: 'drain-over' })
})

test('while the director cannot be read nobody knows that nothing is active', async () => {
  await applied()
  await drainServer3()
  await planAndApply(clusterId)
  const { director } = fleet.hosts
  await director.setMisbehaviour({ name: 'unreachable' })
  await watchDrains()
  expect((await theDrain()).state).toBe('waiting')
  await director.setMisbehaviour(undefined)
  await watchDrains()
  expect((await theDrain()).state).toBe('removed')
})

test('a real server that died meanwhile is removed from the director all the same', async () => {
  await applied()
  await drainServer3()
  await planAndApply(clusterId)
  await fleet.hosts.server3.setMisbehaviour({ name: 'unreachable' })
  await watchDrains()
  expect((await theDrain()).state).toBe('removed')
  expect(table()).not.toContain(SERVER3)
  expect((await planNow(clusterId)).plan.debts).toMatchObject([{ hostName: 'server3' }])
})

test('where the plan holds something else too it ends, and a person decides', async () => {
  await applied()
  await drainServer3()
  await planAndApply(clusterId)
  const { desired, version } = await getCluster(clusterId)
  const [other] = desired.services[0]?.realServers ?? []
  await setWeights(ada, { clusterId, version }, { [other?.id ?? '']: 5 })
  await watchDrains()
  expect((await theDrain()).state).toBe('ended')
  expect(table()).toContain('172.25.254.2:80 -i -w 1')
  expect(table()).toContain(`${SERVER3} -i -w 0`)
})

test('while somebody else is at work on its hosts it goes on waiting, and is not forgotten', async () => {
  await applied()
  await drainServer3()
  await planAndApply(clusterId)
  const leases = await takeLocks([lab.director], {
    ...{ owner: 'Bob', reason: 'apply other', now: new Date() },
  })
  await watchDrains()
  expect((await theDrain()).state).toBe('waiting')
  await releaseLocks(leases, new Date())
  await watchDrains()
  expect((await theDrain()).state).toBe('removed')
  expect(table()).not.toContain(SERVER3)
})

test('what a crash left half removed is shown to a person, not applied unseen', async () => {
  await applied()
  await drainServer3()
  await planAndApply(clusterId)
  const { id, realServerIds } = await theDrain()
  const { version } = await getCluster(clusterId)
  await removeRealServer(ada, { clusterId, version, realServerIds })
  const updatedAt = new Date()
  await inTransaction((tx) =>
    updateDrain(tx, { id, from: ['waiting'] }, { state: 'removing', updatedAt }),
  )
  await watchDrains()
  expect((await theDrain()).state).toBe('ended')
  expect(table()).toContain(SERVER3)
})

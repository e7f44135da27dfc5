import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { listApplies } from '@/lib/db/applies'
import { getCluster } from '@/lib/db/clusters'
import { listLedger } from '@/lib/db/ledger'
import { useTestDatabase } from '@/lib/db/test-database'
import { realServerFormSchema } from '@/lib/lvs/real-server-form'
import { closeAll } from '@/lib/ssh/client'
import { type FakeLab, LAB_LOGIN, startFakeLab } from '@/lib/testing/fake-lab'
import { addRealServer } from './add-real-server'
import { payDebts } from './pay-debts'
import { planNow } from './plan-now'
import { removeRealServer } from './remove-real-server'
import { setWeights } from './set-weights'
import { createTutorial, operator, planAndApply, registerLab } from './test-fleet'
import type { Lab } from './test-world'

// The watch after an apply looks five times with pauses of two seconds: here time passes at once.
vi.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }))

let fleet: FakeLab
let lab: Lab
let clusterId: string
let asBefore: unknown
let said: string[]
let remove: () => Promise<void>

/** server3 died and was removed: what it still holds of us is a debt. */
beforeEach(async () => {
  said = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0)
  ;({ remove } = await useTestDatabase())
  globalThis.tunboardSecretKey = Buffer.alloc(32, 1)
  fleet = await startFakeLab()
  lab = await registerLab(fleet.hosts, LAB_LOGIN)
  asBefore = fleet.hosts.server3.kernel.fork().snapshot()
  clusterId = await createTutorial(lab)
  await planAndApply(clusterId)
  await fleet.hosts.server3.setMisbehaviour({ name: 'unreachable' })
  const { desired, version } = await getCluster(clusterId)
  await removeRealServer(ada, { clusterId, version, realServerIds: [idOf(desired, 3)] })
  expect((await planAndApply(clusterId)).state).toBe('verified')
}, 30_000)
afterEach(async () => {
  await closeAll()
  await fleet.close()
  await remove()
  // That it pays is said; anything else would be a problem.
  expect(said.filter((line) => !line.includes('Pays a debt: the host is back'))).toEqual([])
})

const ada = operator('Ada')
const back = () => fleet.hosts.server3.setMisbehaviour(undefined)
const table = () => fleet.hosts.director.kernel.exec(['ipvsadm', '-Sn']).stdout
const debtRows = async () => (await listLedger()).filter(({ hostId }) => hostId === lab.server3)
const kinds = async () => (await listApplies({ clusterId })).map(({ kind }) => kind)

type Desired = Awaited<ReturnType<typeof getCluster>>['desired']
function idOf({ services }: Desired, lan: number): string {
  const all = services.flatMap(({ realServers }) => realServers)
  const found = all.find(({ key }) => key.rip === `172.25.254.${lan}`)
  if (found === undefined) throw new Error(`there is no real server ${lan}`)
  return found.id
}

test('a dead real server is removed from the director, and its clean-up stays as a debt', async () => {
  expect(table()).not.toContain('172.25.254.3')
  const { plan } = await planNow(clusterId)
  expect(plan.steps).toEqual([])
  expect(plan.debts).toMatchObject([
    { hostName: 'server3', why: { code: 'unreachable.tcp', values: { host: 'server3' } } },
  ])
  expect((await debtRows()).length).toBeGreaterThan(3)
})

test('while the host is away nothing is paid', async () => {
  await payDebts()
  expect(await kinds()).toEqual(['apply', 'apply'])
  expect((await debtRows()).length).toBeGreaterThan(3)
})

test('when the host is back the debt is paid by itself, and the host is as before we came', async () => {
  await back()
  await payDebts()
  expect(fleet.hosts.server3.kernel.snapshot()).toEqual(asBefore)
  expect(await debtRows()).toEqual([])
  const [paid] = await listApplies({ clusterId, limit: 1 })
  expect(paid).toMatchObject({ kind: 'debt', state: 'verified', startedBy: { name: 'Tunboard' } })
  await payDebts()
  expect(await kinds()).toEqual(['debt', 'apply', 'apply'])
})

test('a host that lost everything with its power owes nothing any more, and that is said', async () => {
  fleet.hosts.server3.kernel.reboot()
  await back()
  await payDebts()
  expect(await debtRows()).toEqual([])
  expect((await planNow(clusterId)).plan).toMatchObject({ steps: [], debts: [], bookkeeping: [] })
})

test('what nobody approved is not done with it', async () => {
  const { desired, version } = await getCluster(clusterId)
  await setWeights(ada, { clusterId, version }, { [idOf(desired, 2)]: 7 })
  await back()
  await payDebts()
  expect(await kinds()).toEqual(['apply', 'apply'])
  expect(table()).toContain('172.25.254.2:80 -i -w 1')
  expect((await debtRows()).length).toBeGreaterThan(3)
})

test('added again, the real server owes nothing: it is wanted', async () => {
  const { desired, version } = await getCluster(clusterId)
  const form = realServerFormSchema.parse({ hostId: lab.server3, rip: '172.25.254.3' })
  const serviceIds = desired.services.map(({ id }) => id)
  await addRealServer(ada, { clusterId, version, serviceIds }, form)
  await back()
  await payDebts()
  expect(await kinds()).toEqual(['apply', 'apply'])
  const { plan } = await planNow(clusterId)
  expect(plan.debts).toEqual([])
  expect(plan.steps.filter(({ hostName }) => hostName === 'server3')).toEqual([])
})

test('a host that comes back under another key is not touched', async () => {
  await fleet.hosts.server3.setMisbehaviour({ name: 'changed-host-key' })
  await payDebts()
  expect(await kinds()).toEqual(['apply', 'apply'])
  expect((await planNow(clusterId)).plan.debts).toMatchObject([
    { why: { code: 'unreachable.host-key-changed' } },
  ])
})

test('a host lost again in the middle of paying is paid when it is back for good', async () => {
  await fleet.hosts.server3.setMisbehaviour({ name: 'drops-mid-plan', at: 2, when: 'after' })
  await payDebts()
  expect((await debtRows()).length).toBeGreaterThan(0)
  await back()
  await payDebts()
  expect(await debtRows()).toEqual([])
  expect(fleet.hosts.server3.kernel.snapshot()).toEqual(asBefore)
})

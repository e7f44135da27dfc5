import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { listApplies } from '@/lib/db/applies'
import { listAuditEvents } from '@/lib/db/audit'
import { savePolicy } from '@/lib/db/cluster-policy'
import { getCluster } from '@/lib/db/clusters'
import { listLocks } from '@/lib/db/locks'
import { inTransaction } from '@/lib/db/transaction'
import { DEFAULT_POLICY, type Policy } from '@/lib/lvs/policy-form'
import { realServerFormSchema } from '@/lib/lvs/real-server-form'
import { isChanging } from '@/lib/testing/fake-host/misbehaviour'
import { type FakeLab, LAB_LOGIN, startFakeLab } from '@/lib/testing/fake-lab'
import { addRealServer } from './add-real-server'
import { applyPlan } from './apply-plan'
import { planNow } from './plan-now'
import { setWeights } from './set-weights'
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
  await planAndApply(clusterId)
}, 30_000)
afterEach(() => stop())

const [ada, bob] = [operator('Ada'), operator('Bob')]
const decide = (policy: Partial<Policy>) =>
  inTransaction((tx) => savePolicy(tx, clusterId, { ...DEFAULT_POLICY, ...policy }))
const desired = async () => (await getCluster(clusterId)).desired
const snapshots = () => Object.values(fleet.hosts).map(({ kernel }) => kernel.fork().snapshot())
const history = async () =>
  (await listApplies({ clusterId })).map(({ kind, state }) => `${kind} ${state}`)

async function addServer4() {
  const { desired: now, version } = await getCluster(clusterId)
  const serviceIds = now.services.map(({ id }) => id)
  const form = realServerFormSchema.parse({ hostId: lab.server4, rip: '172.25.254.4' })
  await addRealServer(ada, { clusterId, version, serviceIds }, form)
}
async function weigh(weight: number) {
  const { desired: now, version } = await getCluster(clusterId)
  const [first] = now.services[0]?.realServers ?? []
  await setWeights(bob, { clusterId, version }, { [first?.id ?? '']: weight })
}
/** server4 is prepared, and then does not answer: the apply stops with half of it done. */
function silence() {
  const { state } = fleet.hosts.director.kernel
  state.answers = state.answers.filter((address) => address !== '172.25.254.4:80')
}

test('by policy a failed apply is taken back by itself, in the name of who applied', async () => {
  await decide({ onFailure: 'go-back' })
  silence()
  const [was, before] = [await desired(), snapshots()]
  await addServer4()
  expect((await planAndApply(clusterId, bob)).state).toBe('failed')
  expect(await history()).toEqual(['revert verified', 'apply failed', 'apply verified'])
  const [back, failed] = await listApplies({ clusterId })
  expect(back).toMatchObject({ revertOf: failed?.id, startedBy: { name: 'Bob' } })
  expect(await desired()).toEqual(was)
  expect(snapshots()).toEqual(before)
  expect(await listLocks(ada.now())).toEqual([])
})

test('without that policy a failed apply stays as it is', async () => {
  await addServer4()
  silence()
  await planAndApply(clusterId)
  expect(await history()).toEqual(['apply failed', 'apply verified'])
})

test('an apply that is verified is not taken back', async () => {
  await decide({ onFailure: 'go-back' })
  await addServer4()
  await planAndApply(clusterId)
  expect(await history()).toEqual(['apply verified', 'apply verified'])
})

test('what somebody changed while it failed is not decided by a machine, and that is said', async () => {
  await decide({ onFailure: 'go-back' })
  await weigh(5)
  await addServer4()
  silence()
  const { fingerprint } = await planNow(clusterId)
  const { applyId, done } = await applyPlan(ada, { clusterId, fingerprint, undo: WITHOUT })
  await weigh(9)
  await done
  expect((await history())[0]).toBe('apply failed')
  const [event] = await listAuditEvents({ subject: `cluster:${clusterId}`, limit: 1 })
  expect(event).toMatchObject({
    action: 'go-back-refused',
    detail: { apply: applyId, why: 'conflicts' },
  })
})

test('a revert that fails is not reverted: it ends there', async () => {
  await decide({ onFailure: 'go-back' })
  await addServer4()
  silence()
  const { plan } = await planNow(clusterId)
  const up = plan.steps.filter(({ hostName, argv }) => hostName === 'server4' && isChanging(argv))
  // the host is lost at the first command that takes something back
  const at = up.length + 1
  await fleet.hosts.server4.setMisbehaviour({ name: 'drops-mid-plan', at, when: 'before' })
  await planAndApply(clusterId)
  expect(await history()).toEqual(['revert failed', 'apply failed', 'apply verified'])
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { getCluster } from '@/lib/db/clusters'
import { type FakeLab, LAB_LOGIN, startFakeLab } from '@/lib/testing/fake-lab'
import { applyPlan } from './apply-plan'
import { editPolicy } from './edit-policy'
import { explainMove } from './explain-move'
import { planNow } from './plan-now'
import { setWeights } from './set-weights'
import { operator, planAndApply, WITHOUT } from './test-fleet'
import { useTestLab } from './test-lab'

// The watch after an apply looks five times with pauses of two seconds: here time passes at once.
vi.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }))

let fleet: FakeLab
let clusterId: string
let stop: () => Promise<void>
beforeEach(async () => {
  ;({ fleet, clusterId, stop } = await useTestLab(startFakeLab, LAB_LOGIN))
}, 30_000)
afterEach(() => stop())

const [ada, bob] = [operator('Ada'), operator('Bob')]
async function look() {
  const { fingerprint, desiredVersion: version, readAt } = await planNow(clusterId)
  return { fingerprint, version, readAt }
}
async function weigh(weight: number) {
  const { desired, version } = await getCluster(clusterId)
  const [first] = desired.services[0]?.realServers ?? []
  await setWeights(bob, { clusterId, version }, { [first?.id ?? '']: weight })
}

test('the one who comes second is told who changed what, and which apply came first', async () => {
  await planAndApply(clusterId)
  await weigh(2)
  const seen = await look()
  await weigh(9)
  const { id } = await planAndApply(clusterId, bob)
  const { fingerprint } = seen
  await expect(applyPlan(ada, { clusterId, fingerprint, undo: WITHOUT })).rejects.toMatchObject({
    reason: 'plan-moved',
  })
  expect(await explainMove(clusterId, seen)).toMatchObject({
    desired: [{ who: 'Bob', action: 'set-weights', what: '172.25.254.2:80 = 9' }],
    applies: [{ who: 'Bob', id, kind: 'apply', state: 'verified' }],
  })
})

test('where a host was changed by hand, nobody is named; a policy is no change of what is desired', async () => {
  await planAndApply(clusterId)
  const seen = await look()
  const policy = { timedUndo: 'always', undoSeconds: 20, confirmBy: 'person' } as const
  await editPolicy(bob, { clusterId, onFailure: 'stop', ...policy })
  fleet.hosts.director.kernel.exec(['ipvsadm', '-C'])
  expect(await explainMove(clusterId, seen)).toEqual({ desired: [], applies: [] })
})

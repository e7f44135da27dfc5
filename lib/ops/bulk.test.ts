import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { getApply } from '@/lib/db/applies'
import { getCluster, raiseClusterVersion } from '@/lib/db/clusters'
import { createRealServers } from '@/lib/db/real-servers'
import { createService } from '@/lib/db/services'
import { inTransaction } from '@/lib/db/transaction'
import { type FakeLab, LAB_LOGIN, startFakeLab } from '@/lib/testing/fake-lab'
import { applyPlan } from './apply-plan'
import { planNow } from './plan-now'
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

const VIP = '172.25.254.100'
const ada = operator('Ada')
const director = () => fleet.hosts.director
const rules = () => director().kernel.exec(['ipvsadm', '-Sn']).stdout
const bulks = () =>
  director().received.commands.filter((argv) => argv.join(' ').endsWith('ipvsadm -R'))
const WEIGHT_1 = { weight: 1, upperThreshold: 0, lowerThreshold: 0 }
const TUNNEL = { method: 'tunnel', tunnel: { type: 'ipip' } } as const

/** Twenty services more, each with these real servers; wanted as if somebody had entered them. */
async function wantServices(ports: readonly number[], lans: readonly (2 | 3 | 4)[]): Promise<void> {
  const { version, desired } = await getCluster(clusterId)
  await inTransaction(async (tx) => {
    await raiseClusterVersion(tx, clusterId, version)
    for (const port of ports) {
      const key = { kind: 'address', protocol: 'tcp', vip: VIP, port } as const
      const known = desired.services.find(
        (each) => each.key.kind === 'address' && each.key.port === port,
      )
      const config = { scheduler: 'rr', flags: [], onePacket: false }
      const id = known?.id ?? (await createService(tx, clusterId, { key, config, vips: [] }))
      const realServers = lans.map((lan) => ({
        ...{ name: `server${lan}`, hostId: lab[`server${lan}`] },
        key: { rip: `172.25.254.${lan}`, port },
        config: { ...WEIGHT_1, forwarding: TUNNEL },
      }))
      await createRealServers(tx, id, realServers)
    }
  })
}

const PORTS = Array.from({ length: 20 }, (_, at) => 8001 + at)

/** Applies the plan as it is now, while somebody runs a command on the director right after it was read for that. */
async function applyWhile(...commands: string[][]) {
  const { fingerprint } = await planNow(clusterId, { skipChecks: true })
  await director().setMisbehaviour({ name: 'changes-behind-you', commands })
  const { applyId, done } = await applyPlan(ada, { clusterId, fingerprint, skipChecks: true })
  await done
  return getApply(applyId)
}

const failedOf = ({ steps }: Awaited<ReturnType<typeof applyWhile>>) =>
  steps.filter(({ state }) => state === 'failed').map(({ step }) => step.argv.join(' '))

test('twenty services with forty entries are two exchanges, and every step has its own outcome', async () => {
  await wantServices(PORTS, [2, 3])
  const { plan } = await planNow(clusterId)
  expect(plan.steps.filter(({ kind }) => kind === 'check')).toEqual([])
  expect(plan.notes.map(({ why }) => why)).toMatchObject([
    { code: 'note.no-checks', values: { count: 42 } },
  ])
  const { state, steps } = await planAndApply(clusterId)
  expect(state).toBe('verified')
  expect(bulks()).toHaveLength(2)
  expect(new Set(steps.map((each) => each.state))).toEqual(new Set(['done']))
  const [services, entries] = ['service', 'entry'].map(
    (kind) => new Set(steps.filter(({ step }) => step.kind === kind).map(({ batch }) => batch)),
  )
  expect([services?.size, entries?.size]).toEqual([1, 1])
  expect(rules().match(/^-A /gm)).toHaveLength(21)
  expect(rules().match(/^-a /gm)).toHaveLength(42)
  expect((await planNow(clusterId)).plan.steps).toEqual([])
})

test('a service that somebody makes between plan and lines keeps its entries to itself', async () => {
  await wantServices(PORTS, [2, 3])
  const theirs = `${VIP}:8005`
  const apply = await applyWhile(
    ['ipvsadm', '-A', '-t', theirs, '-s', 'rr'],
    ['ipvsadm', '-a', '-t', theirs, '-r', '10.9.9.9:80', '-m', '-w', '7'],
  )
  expect(apply).toMatchObject({
    state: 'failed',
    failure: { code: 'CommandFailed', reason: 'lines-refused', values: { count: 1 } },
  })
  expect(failedOf(apply)).toEqual([`ipvsadm -A -t ${theirs} -s rr`])
  expect(bulks()).toHaveLength(1)
  expect(rules().match(/^-a .*/gm)).toEqual([`-a -t ${theirs} -r 10.9.9.9:80 -m -w 7`])
  // its row is gone: the next plan knows it as somebody's, and leaves it alone
  const { plan } = await planNow(clusterId, { skipChecks: true })
  expect(plan.refusals.map(({ why }) => why.code)).toEqual(['refusal.foreign-service'])
  expect(plan.steps.filter(({ kind }) => kind === 'service')).toEqual([])
})

test('after a line that was refused in the middle nothing more is sent, and the others are done', async () => {
  await wantServices(PORTS, [2, 3])
  await planAndApply(clusterId)
  await wantServices(PORTS, [4])
  const theirs = ['-t', `${VIP}:8010`, '-r', '172.25.254.4:8010']
  const apply = await applyWhile(['ipvsadm', '-a', ...theirs, '-i', '-w', '9'])
  expect(apply).toMatchObject({ state: 'failed', failure: { reason: 'lines-refused' } })
  expect(failedOf(apply)).toEqual([`ipvsadm -a ${theirs.join(' ')} -i -w 1`])
  expect(rules()).toContain(`-a ${theirs.join(' ')} -i -w 9`)
  expect(rules().match(/-r 172.25.254.4:\d+ -i -w 1/g)).toHaveLength(19)
})

test('a director lost in the middle leaves every line unknown, and the next apply does the rest', async () => {
  await wantServices(PORTS, [2, 3])
  const { fingerprint } = await planNow(clusterId)
  await director().setMisbehaviour({ name: 'drops-mid-plan', at: 3, when: 'after' })
  const { applyId, done } = await applyPlan(ada, { clusterId, fingerprint, undo: WITHOUT })
  await done
  expect((await getApply(applyId)).state).toBe('failed')
  await director().setMisbehaviour(undefined)
  expect((await planAndApply(clusterId)).state).toBe('verified')
  expect((await planNow(clusterId)).plan.steps).toEqual([])
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { listApplies } from '@/lib/db/applies'
import { listAuditEvents } from '@/lib/db/audit'
import { getCluster } from '@/lib/db/clusters'
import { createDrain, getDrain } from '@/lib/db/drains'
import { listDrift } from '@/lib/db/drift'
import { getHostRefs } from '@/lib/db/hosts'
import { listLedger } from '@/lib/db/ledger'
import { inTransaction } from '@/lib/db/transaction'
import { formatItem } from '@/lib/lvs/ledger'
import { type FakeLab, type FakeLabName, LAB_LOGIN, startFakeLab } from '@/lib/testing/fake-lab'
import { ignoreDrift, stopIgnoring } from './ignore-drift'
import { planNow } from './plan-now'
import { lookForDrift } from './radar'
import { setWeights } from './set-weights'
import { takeTheirs } from './take-theirs'
import { operator, planAndApply } from './test-fleet'
import { useTestLab } from './test-lab'
import type { Lab } from './test-world'

// The watch after an apply looks five times with pauses of two seconds: here time passes at once.
vi.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }))

const ada = operator('Ada')
const VIP = '172.25.254.100:80'
let fleet: FakeLab
let lab: Lab
let clusterId: string
let stop: () => Promise<void>

beforeEach(async () => {
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true) // that something drifted is said
  ;({ fleet, lab, clusterId, stop } = await useTestLab(startFakeLab, LAB_LOGIN))
  await planAndApply(clusterId)
}, 30_000)
afterEach(() => stop())

async function byHand(name: FakeLabName, line: string) {
  const { exit, stderr } = fleet.hosts[name].kernel.exec(line.split(' '))
  expect([exit, stderr]).toEqual([0, ''])
  const [host] = await getHostRefs([lab[name]])
  if (host === undefined) throw new Error(`${name} is not known`)
  expect(await lookForDrift(host)).toBe('read')
}
const steps = async () =>
  (await planNow(clusterId)).plan.steps.map(
    ({ hostName, argv, kind }) => `${hostName}: ${kind === 'claim' ? 'claim' : argv.join(' ')}`,
  )
async function takeAll() {
  const { version } = await getCluster(clusterId)
  return takeTheirs(ada, { clusterId, version }, await listDrift({ clusterId }))
}
const weights = async () =>
  (await getCluster(clusterId)).desired.services.flatMap(({ realServers }) =>
    realServers.map(({ key, config }) => `${key.rip} ${config.weight}`),
  )
const rowOf = async (name: string) =>
  (await listLedger()).find(({ item }) => formatItem(item) === name)
const commands = () => Object.values(fleet.hosts).map(({ received }) => received.commands.length)

test('a weight that was changed by hand is taken: desired, ledger and the next plan agree, and no host was asked', async () => {
  await byHand('director', `ipvsadm -e -t ${VIP} -r 172.25.254.2:80 -i -w 5`)
  const before = commands()
  await takeAll()
  expect(commands()).toEqual(before)
  expect(await weights()).toEqual(['172.25.254.2 5', '172.25.254.3 1'])
  expect((await rowOf(`entry 172.25.254.2:80 in tcp ${VIP}`))?.written).toBe('-i -w 5')
  expect(await listDrift()).toEqual([])
  expect(await steps()).toEqual([])
  const [last] = await listApplies({ clusterId, limit: 1 })
  const { version } = await getCluster(clusterId)
  expect(last).toMatchObject({ kind: 'adopt', state: 'verified', desiredVersion: version })
  const [event] = await listAuditEvents({ subject: `cluster:${clusterId}`, limit: 1 })
  expect(event).toMatchObject({ action: 'take-theirs', userName: 'Ada' })
  // what was taken is what is guarded from now on: the old value is drift
  await byHand('director', `ipvsadm -e -t ${VIP} -r 172.25.254.2:80 -i -w 1`)
  expect(await listDrift()).toMatchObject([{ desired: '-i -w 5', running: '-i -w 1' }])
})

test('a scheduler is taken, and an entry of somebody else becomes ours, linked to its host', async () => {
  await byHand('director', `ipvsadm -E -t ${VIP} -s wlc -p 600`)
  await byHand('director', `ipvsadm -a -t ${VIP} -r 10.9.9.9:80 -i -w 3 -x 90`)
  await takeAll()
  const [service] = (await getCluster(clusterId)).desired.services
  expect(service?.config).toMatchObject({ scheduler: 'wlc', persistence: { timeoutSeconds: 600 } })
  expect(await weights()).toContain('10.9.9.9 3')
  const row = await rowOf(`entry 10.9.9.9:80 in tcp ${VIP}`)
  expect(row).toMatchObject({ origin: 'adopted', state: 'ours', written: '-i -w 3 -x 90' })
  expect(row?.before).toBeUndefined()
  expect(await steps()).toEqual([])
  await byHand('director', `ipvsadm -a -t ${VIP} -r 172.25.254.4:80 -i -w 3`)
  await takeAll()
  // a managed host becomes a real server: what it lacks is in the plan, its entry is not
  expect((await steps()).filter((line) => line.startsWith('director'))).toEqual([])
  expect((await steps()).length).toBeGreaterThan(3)
})

test('an entry that is gone is desired no more, and its real server is cleaned up by the next plan', async () => {
  await byHand('director', `ipvsadm -d -t ${VIP} -r 172.25.254.3:80`)
  await takeAll()
  expect(await weights()).toEqual(['172.25.254.2 1'])
  expect(await rowOf(`entry 172.25.254.3:80 in tcp ${VIP}`)).toBeUndefined()
  const left = await steps()
  expect(left.filter((line) => !line.startsWith('server3:'))).toEqual([])
  expect(left[0]).toBe('server3: ip address del 172.25.254.100/32 dev tunl0')
  expect((await planAndApply(clusterId)).state).toBe('verified')
})

test('a weight that somebody gave back while it drains ends the drain when it is taken', async () => {
  const { desired, version } = await getCluster(clusterId)
  const [first, second] = desired.services[0]?.realServers ?? []
  const drain = (id = '', startedAt = ada.now()) => ({
    ...{ clusterId, realServerIds: [id], weightBefore: { [id]: 1 }, startedAt },
    ...{ deadlineAt: new Date(startedAt.getTime() + 600_000) },
    startedBy: { userId: 'u', name: 'Ada' },
  })
  await setWeights(ada, { clusterId, version }, { [first?.id ?? '']: 0 })
  expect((await planAndApply(clusterId)).state).toBe('verified')
  const [own, other] = await inTransaction(async (tx) => [
    await createDrain(tx, drain(first?.id)),
    await createDrain(tx, drain(second?.id)),
  ])
  await byHand('director', `ipvsadm -e -t ${VIP} -r 172.25.254.2:80 -i -w 5`)
  await takeAll()
  expect(await weights()).toEqual(['172.25.254.2 5', '172.25.254.3 1'])
  expect((await getDrain(own ?? '')).state).toBe('cancelled')
  expect((await getDrain(other ?? '')).state).toBe('waiting')
})

test('what was desired meanwhile and waits is not lost by taking something else', async () => {
  const { desired, version } = await getCluster(clusterId)
  const second = desired.services[0]?.realServers[1]?.id ?? ''
  await setWeights(ada, { clusterId, version }, { [second]: 9 })
  await byHand('director', `ipvsadm -e -t ${VIP} -r 172.25.254.2:80 -i -w 5`)
  await takeAll()
  expect(await weights()).toEqual(['172.25.254.2 5', '172.25.254.3 9'])
  expect(await steps()).toEqual([`director: ipvsadm -e -t ${VIP} -r 172.25.254.3:80 -i -w 9`])
  const [last] = await listApplies({ clusterId, limit: 1 })
  expect(last?.desiredVersion).toBeLessThan((await getCluster(clusterId)).version)
})

test('what forwarding needs cannot be taken, nor what changed since it was seen', async () => {
  await byHand('server2', 'ip link set dev tunl0 down')
  await expect(takeAll()).rejects.toMatchObject({ reason: 'drift-not-taken' })
  await byHand('server2', 'ip link set dev tunl0 up')
  await byHand('director', `ipvsadm -e -t ${VIP} -r 172.25.254.2:80 -i -w 5`)
  const seen = await listDrift()
  await byHand('director', `ipvsadm -e -t ${VIP} -r 172.25.254.2:80 -i -w 6`)
  const { version } = await getCluster(clusterId)
  await expect(takeTheirs(ada, { clusterId, version }, seen)).rejects.toMatchObject({
    reason: 'drift-moved',
  })
  expect(await weights()).toEqual(['172.25.254.2 1', '172.25.254.3 1'])
})

test('what is ignored stays as it is through an apply of something else, until somebody takes it up again', async () => {
  await byHand('director', `ipvsadm -e -t ${VIP} -r 172.25.254.2:80 -i -w 0`)
  await ignoreDrift(ada, { clusterId, drifts: await listDrift(), why: 'a disk is swapped' })
  expect(await steps()).toEqual([])
  const { notes } = (await planNow(clusterId)).plan
  expect(notes).toMatchObject([
    { why: { code: 'note.ignored', values: { by: 'Ada', why: 'a disk is swapped' } } },
  ])
  const { desired, version } = await getCluster(clusterId)
  const second = desired.services[0]?.realServers[1]?.id ?? ''
  await setWeights(ada, { clusterId, version }, { [second]: 9 })
  expect((await planAndApply(clusterId)).state).toBe('verified')
  expect(fleet.hosts.director.kernel.exec(['ipvsadm', '-Sn']).stdout).toContain('2:80 -i -w 0')
  await byHand('server2', 'sysctl -w net.ipv4.conf.lo.rp_filter=0') // another reading, of nothing of ours
  expect(await listDrift()).toMatchObject([{ ignored: { why: 'a disk is swapped' } }])
  await stopIgnoring(ada, { clusterId, drifts: await listDrift() })
  expect(await steps()).toEqual([`director: ipvsadm -e -t ${VIP} -r 172.25.254.2:80 -i -w 1`])
  expect((await planAndApply(clusterId)).state).toBe('verified')
})

test('what others stand on cannot be ignored: every apply would fail on it', async () => {
  await byHand('director', `ipvsadm -D -t ${VIP}`)
  const gone = (await listDrift()).filter(({ item }) => item.kind === 'service')
  await expect(
    ignoreDrift(ada, { clusterId, drifts: gone, why: 'I wonder' }),
  ).rejects.toMatchObject({ reason: 'drift-not-ignored' })
  // but it can be taken, with the entries that went with it
  const { version } = await getCluster(clusterId)
  await takeTheirs(ada, { clusterId, version }, gone)
  expect((await getCluster(clusterId)).desired.services).toEqual([])
  expect(await listDrift()).toEqual([])
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { getApply } from '@/lib/db/applies'
import { listAuditEvents } from '@/lib/db/audit'
import { getCluster } from '@/lib/db/clusters'
import { listLedger } from '@/lib/db/ledger'
import { listLocks } from '@/lib/db/locks'
import { formatItem } from '@/lib/lvs/ledger'
import { isComplete } from '@/lib/lvs/plan'
import { realServerFormSchema } from '@/lib/lvs/real-server-form'
import { type FakeLab, LAB_LOGIN, startFakeLab } from '@/lib/testing/fake-lab'
import { addRealServer } from './add-real-server'
import { applyPlan } from './apply-plan'
import { planNow } from './plan-now'
import { setWeights } from './set-weights'
import { takeDownCluster } from './take-down-cluster'
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

const ada = operator('Ada')
const WWW = '172.25.254.100:80'
const table = () => fleet.hosts.director.kernel.exec(['ipvsadm', '-Sn']).stdout
const commandsOn = (name: keyof FakeLab['hosts']) =>
  fleet.hosts[name].received.commands.map((argv) => argv.join(' '))
const states = (steps: readonly { state: string }[]) => steps.map(({ state }) => state)
const version = async () => (await getCluster(clusterId)).version
const steps = async () => (await planNow(clusterId)).plan.steps

async function addServer4() {
  const { desired, version } = await getCluster(clusterId)
  const serviceIds = desired.services.map(({ id }) => id)
  const form = realServerFormSchema.parse({ hostId: lab.server4, rip: '172.25.254.4' })
  await addRealServer(ada, { clusterId, version, serviceIds }, form)
}

test('an approved plan is applied, read back as verified, and the next plan is empty', async () => {
  const { state, steps: journal, startedBy, failure } = await planAndApply(clusterId)
  expect({ state, failure }).toEqual({ state: 'verified', failure: undefined })
  expect(new Set(states(journal))).toEqual(new Set(['done']))
  expect(journal.every(({ step, exit }) => exit === 0 || step.mayFail)).toBe(true)
  expect(startedBy.name).toBe('Ada')
  expect(table().trim().split('\n')).toEqual([
    `-A -t ${WWW} -s rr`,
    `-a -t ${WWW} -r 172.25.254.2:80 -i -w 1 --tun-type ipip`,
    `-a -t ${WWW} -r 172.25.254.3:80 -i -w 1 --tun-type ipip`,
  ])
  const { plan } = await planNow(clusterId)
  expect(plan.steps).toEqual([])
  expect(isComplete(plan)).toBe(true)
  expect(new Set((await listLedger()).map((row) => row.state))).toEqual(new Set(['ours']))
  expect(await listLocks(ada.now())).toEqual([])
})

test('real servers are made ready before the director sends them anything', async () => {
  const { steps: journal } = await planAndApply(clusterId)
  const line = ({ step }: { step: { hostName: string; argv: readonly string[] } }) =>
    `${step.hostName}: ${step.argv.join(' ')}`
  const lines = journal.map(line)
  const at = (wanted: string) => lines.indexOf(wanted)
  for (const name of ['server2', 'server3']) {
    const arp = at(`${name}: sysctl -w net.ipv4.conf.all.arp_ignore=1`)
    const vip = at(`${name}: ip address add 172.25.254.100/32 dev tunl0`)
    const service = at(`director: ipvsadm -A -t ${WWW} -s rr`)
    expect([arp, vip, service].every((place) => place >= 0)).toBe(true)
    expect([arp, vip, service].toSorted((a, b) => a - b)).toEqual([arp, vip, service])
  }
})

test('taking a cluster down leaves every host as it was before we came', async () => {
  const hosts = Object.values(fleet.hosts)
  const before = hosts.map((host) => host.kernel.fork().snapshot())
  await planAndApply(clusterId)
  await takeDownCluster(ada, { clusterId, version: await version() })
  expect((await planAndApply(clusterId)).state).toBe('verified')
  const after = hosts.map((host) => host.kernel.snapshot())
  // ip_vs stays, idle, and is said to stay: the schedulers hold it.
  expect(after.slice(1)).toEqual(before.slice(1))
  expect(table()).toBe('')
  expect(await listLedger()).toEqual([])
})

test('a plan that is not true any more is refused, and nothing is sent', async () => {
  const { fingerprint } = await planNow(clusterId)
  fleet.hosts.server2.kernel.exec(['modprobe', 'ipip'])
  await expect(applyPlan(ada, { clusterId, fingerprint, undo: WITHOUT })).rejects.toMatchObject({
    reason: 'plan-moved',
  })
  expect(commandsOn('server2')).toEqual([])
  expect(await listLedger()).toEqual([])
  expect(await listLocks(ada.now())).toEqual([])
})

test('desired that moved since the plan was read is refused too', async () => {
  const { fingerprint } = await planNow(clusterId)
  await addServer4()
  await expect(applyPlan(ada, { clusterId, fingerprint, undo: WITHOUT })).rejects.toMatchObject({
    reason: 'plan-moved',
  })
})

test('counters that moved do not make a plan another one', async () => {
  await planAndApply(clusterId)
  const [first] = (await getCluster(clusterId)).desired.services[0]?.realServers ?? []
  await setWeights(ada, { clusterId, version: await version() }, { [first?.id ?? '']: 3 })
  const { fingerprint } = await planNow(clusterId)
  fleet.hosts.director.kernel.openConnection(['-t', WWW], '172.25.254.250')
  const { done } = await applyPlan(ada, { clusterId, fingerprint, undo: WITHOUT })
  await done
  expect(table()).toContain('-w 3')
})

test('an empty plan and a refused one are no plans to apply', async () => {
  const { director } = fleet.hosts
  director.kernel.exec(['ipvsadm', '-A', '-t', WWW, '-s', 'wrr'])
  const refused = await planNow(clusterId)
  expect(refused.plan.refusals.map(({ why }) => why.code)).toEqual(['refusal.foreign-service'])
  await expect(
    applyPlan(ada, { clusterId, fingerprint: refused.fingerprint }),
  ).rejects.toMatchObject({ reason: 'plan-refused' })
  director.kernel.exec(['ipvsadm', '-D', '-t', WWW])
  await planAndApply(clusterId)
  const empty = await planNow(clusterId)
  await expect(applyPlan(ada, { clusterId, fingerprint: empty.fingerprint })).rejects.toMatchObject(
    { reason: 'plan-empty' },
  )
})

test('what empties a service goes to no host before somebody accepts it, and who did is remembered', async () => {
  await planAndApply(clusterId)
  const servers = (await getCluster(clusterId)).desired.services[0]?.realServers ?? []
  const none = Object.fromEntries(servers.map(({ id }) => [id, 0]))
  await setWeights(ada, { clusterId, version: await version() }, none)
  const { plan, fingerprint } = await planNow(clusterId)
  const overrides = plan.refusals.flatMap(({ override }) => override ?? [])
  expect(overrides).toEqual([`last-real-server ${lab.director} tcp ${WWW}`])
  for (const accepted of [[], ['last-real-server other']])
    await expect(
      applyPlan(ada, { clusterId, fingerprint, overrides: accepted }),
    ).rejects.toMatchObject({ reason: 'plan-not-accepted', values: { count: 1 } })
  expect(table()).not.toContain('-w 0')
  const given = [...overrides, 'of another plan']
  const { applyId, done } = await applyPlan(ada, { clusterId, fingerprint, overrides: given })
  await done
  expect(await getApply(applyId)).toMatchObject({ state: 'verified', options: { overrides } })
  expect(table().match(/-w 0/g)).toHaveLength(2)
  const [event] = await listAuditEvents({ subject: `cluster:${clusterId}` })
  expect(event).toMatchObject({ userName: 'Ada', detail: { overrides: overrides[0] } })
})

test('a VIP that another machine answers for is put on the director only when that is accepted', async () => {
  fleet.hosts.director.kernel.state.neighbours['172.25.254.100'] = '52:54:00:AC:19:63'
  const { plan, fingerprint } = await planNow(clusterId)
  expect(plan.refusals.map(({ why }) => why)).toMatchObject([
    { code: 'refusal.vip-answers-elsewhere', values: { mac: '52:54:00:ac:19:63' } },
  ])
  await expect(applyPlan(ada, { clusterId, fingerprint })).rejects.toMatchObject({
    reason: 'plan-not-accepted',
  })
  const overrides = plan.refusals.flatMap(({ override }) => override ?? [])
  const { applyId, done } = await applyPlan(ada, { clusterId, fingerprint, overrides })
  await done
  expect((await getApply(applyId)).state).toBe('verified')
  const asked = fleet.hosts.director.received.questions.map((argv) => argv.join(' '))
  expect(new Set(asked)).toEqual(
    new Set(['timeout -k 2 8 arping -D -c 2 -w 2 -I eth0 172.25.254.100']),
  )
  await planNow(clusterId)
  expect(fleet.hosts.director.received.questions).toHaveLength(asked.length)
})

test('of two operators who apply the same plan at once, one gets a conflict', async () => {
  const { fingerprint } = await planNow(clusterId)
  const both = await Promise.allSettled([
    applyPlan(ada, { clusterId, fingerprint, undo: WITHOUT }),
    applyPlan(operator('Bob'), { clusterId, fingerprint }),
  ])
  const won = both.filter((each) => each.status === 'fulfilled')
  const lost = both.filter((each) => each.status === 'rejected')
  expect([won.length, lost.length]).toEqual([1, 1])
  expect(lost[0]?.reason).toMatchObject({ code: 'Conflict' })
  await won[0]?.value.done
  const added = commandsOn('director').filter((line) => line.includes('ipvsadm -A'))
  expect(added).toHaveLength(1)
})

test('it stops at the first command that fails, with its output, and keeps what it did in the ledger', async () => {
  const { modules } = fleet.hosts.director.kernel.state
  modules.available = modules.available.filter((name) => name !== 'ip_vs_rr')
  const { state, failure, steps: journal } = await planAndApply(clusterId)
  expect(state).toBe('failed')
  expect(failure).toMatchObject({
    ...{ code: 'CommandFailed', reason: 'command-failed' },
    values: { host: 'director' },
  })
  const failed = journal.filter((each) => each.state === 'failed')
  expect(failed).toMatchObject([
    { exit: 255, stderr: expect.stringContaining('Scheduler or persistence engine not found') },
  ])
  expect(failed[0]?.step.argv.join(' ')).toBe(`ipvsadm -A -t ${WWW} -s rr`)
  const later = journal.slice((failed[0]?.position ?? 0) + 1)
  expect(later.length).toBeGreaterThan(0)
  expect(new Set(states(later))).toEqual(new Set(['skipped']))
  const rows = (await listLedger()).map((row) => [row.hostId, formatItem(row.item), row.state])
  expect(rows).toContainEqual([lab.server2, 'address 172.25.254.100 on tunl0', 'ours'])
  expect(rows.filter(([, item]) => item?.startsWith('service'))).toEqual([])
  expect(await listLocks(ada.now())).toEqual([])
})

test('a service that somebody makes first is his: its row goes, and no plan edits it', async () => {
  const { fingerprint } = await planNow(clusterId)
  const theirs = ['ipvsadm', '-A', '-t', WWW, '-s', 'wlc']
  await fleet.hosts.director.setMisbehaviour({ name: 'changes-behind-you', commands: [theirs] })
  const { applyId, done } = await applyPlan(ada, { clusterId, fingerprint, undo: WITHOUT })
  await done
  expect(await getApply(applyId)).toMatchObject({ state: 'failed' })
  await fleet.hosts.director.setMisbehaviour(undefined)
  expect((await listLedger()).filter(({ item }) => item.kind === 'service')).toEqual([])
  const { plan } = await planNow(clusterId)
  expect(plan.refusals.map(({ why }) => why.code)).toContain('refusal.foreign-service')
  expect(plan.steps.filter(({ kind }) => kind === 'service')).toEqual([])
  expect(table()).toBe(`-A -t ${WWW} -s wlc\n`)
})

test('what a failed apply has done is not done again, and the rest is when the cause is gone', async () => {
  const { modules } = fleet.hosts.director.kernel.state
  modules.available = modules.available.filter((name) => name !== 'ip_vs_rr')
  await planAndApply(clusterId)
  modules.available.push('ip_vs_rr')
  expect((await steps()).filter(({ hostName }) => hostName !== 'director')).toEqual([])
  expect((await planAndApply(clusterId)).state).toBe('verified')
  expect(await steps()).toEqual([])
})

test('a real server that does not answer gets no entry', async () => {
  const { state: kernel } = fleet.hosts.director.kernel
  kernel.answers = kernel.answers.filter((address) => address !== '172.25.254.3:80')
  const { state, failure } = await planAndApply(clusterId)
  expect({ state, failure }).toMatchObject({
    state: 'failed',
    failure: { reason: 'real-server-silent', values: { subject: '172.25.254.3:80' } },
  })
  expect(table()).not.toContain('172.25.254.3')
})

test('with "add anyway" nobody asks whether it answers', async () => {
  const { state: kernel } = fleet.hosts.director.kernel
  kernel.answers = []
  const { fingerprint } = await planNow(clusterId, { skipChecks: true })
  const { done } = await applyPlan(ada, { clusterId, fingerprint, skipChecks: true })
  await done
  expect(table()).toContain('172.25.254.3:80')
})

for (const when of ['before', 'after'] as const) {
  test(`a host lost in the middle, ${when} carrying a command out, leaves the rest unknown and nothing is lost`, async () => {
    await fleet.hosts.server3.setMisbehaviour({ name: 'drops-mid-plan', at: 3, when })
    const { state, failure, steps: journal } = await planAndApply(clusterId)
    expect({ state, failure }).toMatchObject({
      state: 'failed',
      failure: { code: 'Unreachable', values: { host: 'server3' } },
    })
    const on = (name: string) => journal.filter(({ step }) => step.hostName === name)
    expect(new Set(states(on('server2')))).toEqual(new Set(['done']))
    expect(states(on('server3')).slice(0, 2)).toEqual(['done', 'done'])
    expect(states(on('server3'))).toContain('unknown')
    expect(new Set(states(on('director')))).toEqual(new Set(['skipped']))
    expect(commandsOn('director')).toEqual([])

    await fleet.hosts.server3.setMisbehaviour(undefined)
    expect((await planAndApply(clusterId)).state).toBe('verified')
    expect(await steps()).toEqual([])
    const loads = commandsOn('server3').filter((line) => line.endsWith('modprobe ipip'))
    expect(loads).toHaveLength(1)
  })
}

test('an entry put there by hand that is desired now is claimed, and then removed with the cluster', async () => {
  await planAndApply(clusterId)
  const { director } = fleet.hosts
  director.kernel.exec(['ipvsadm', '-a', '-t', WWW, '-r', '172.25.254.4:80', '-i', '-w', '1'])
  const found = (await planNow(clusterId)).foreign[0]?.entries ?? []
  expect(found.map(({ realServer }) => realServer.rip)).toEqual(['172.25.254.4'])
  await addServer4()
  expect((await planAndApply(clusterId)).state).toBe('verified')
  const entry = `entry 172.25.254.4:80 in tcp ${WWW}`
  expect((await listLedger()).find(({ item }) => formatItem(item) === entry)).toMatchObject({
    origin: 'adopted',
    state: 'ours',
  })
  expect(commandsOn('director').filter((line) => line.includes('172.25.254.4'))).toEqual([])
  await takeDownCluster(ada, { clusterId, version: await version() })
  expect((await planAndApply(clusterId)).state).toBe('verified')
  expect(table()).toBe('')
})

test('a service that holds a foreign entry is not deleted', async () => {
  await planAndApply(clusterId)
  const { director } = fleet.hosts
  director.kernel.exec(['ipvsadm', '-a', '-t', WWW, '-r', '172.25.254.4:80', '-i', '-w', '1'])
  await takeDownCluster(ada, { clusterId, version: await version() })
  const { plan, fingerprint } = await planNow(clusterId)
  expect(plan.refusals).toMatchObject([{ why: { code: 'refusal.holds-foreign' } }])
  await expect(applyPlan(ada, { clusterId, fingerprint, undo: WITHOUT })).rejects.toMatchObject({
    reason: 'plan-refused',
  })
})

test('what somebody changes back before the end is not called verified, and is named', async () => {
  const { fingerprint } = await planNow(clusterId)
  const { done, applyId } = await applyPlan(ada, { clusterId, fingerprint, undo: WITHOUT })
  // The next read of server2 is that after its own batch; the one after it is the last one.
  const commands = [['sysctl', '-w', 'net.ipv4.conf.all.arp_ignore=0']]
  await fleet.hosts.server2.setMisbehaviour({ name: 'changes-behind-you', commands })
  await done
  expect(await getApply(applyId)).toMatchObject({
    state: 'not-verified',
    failure: {
      code: 'NotVerified',
      values: { difference: 'server2: sysctl -w net.ipv4.conf.all.arp_ignore=1', count: 1 },
    },
  })
})

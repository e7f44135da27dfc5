import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { listAuditEvents } from '@/lib/db/audit'
import { getCluster } from '@/lib/db/clusters'
import { listDrift, listDriftCounts, updateDriftIgnored } from '@/lib/db/drift'
import { listReadings } from '@/lib/db/host-readings'
import { getHostRefs } from '@/lib/db/hosts'
import { releaseLocks, takeLocks } from '@/lib/db/locks'
import { useTestDatabase } from '@/lib/db/test-database'
import { inTransaction } from '@/lib/db/transaction'
import { closeAll } from '@/lib/ssh/client'
import { type FakeLab, type FakeLabName, LAB_LOGIN, startFakeLab } from '@/lib/testing/fake-lab'
import { lookForDrift } from './radar'
import { nextTurn, radarTick, readSoon, startRadar } from './radar-loop'
import { editRadar, getRadarSeconds } from './radar-settings'
import { removeRealServer } from './remove-real-server'
import { setWeights } from './set-weights'
import { createTutorial, operator, planAndApply, registerLab } from './test-fleet'
import type { Lab } from './test-world'

// The watch after an apply looks five times with pauses of two seconds: here time passes at once.
vi.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }))

const ada = operator('Ada')
const VIP = '172.25.254.100:80'
let fleet: FakeLab
let lab: Lab
let clusterId: string
let said: string[]
let remove: () => Promise<void>

beforeEach(async () => {
  said = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0)
  ;({ remove } = await useTestDatabase())
  globalThis.tunboardSecretKey = Buffer.alloc(32, 1)
  fleet = await startFakeLab()
  lab = await registerLab(fleet.hosts, LAB_LOGIN)
  clusterId = await createTutorial(lab)
  await planAndApply(clusterId)
}, 30_000)
afterEach(async () => {
  await closeAll()
  await fleet.close()
  await remove()
  // That something drifted is said; anything else would be a problem.
  expect(said.filter((line) => !line.includes('Drift was read'))).toEqual([])
})

const byHand = (name: FakeLabName, line: string) => {
  const { exit, stderr } = fleet.hosts[name].kernel.exec(line.split(' '))
  expect([exit, stderr]).toEqual([0, ''])
}
async function look(name: FakeLabName, now = ada.now) {
  const [host] = await getHostRefs([lab[name]])
  if (host === undefined) throw new Error(`${name} is not known`)
  return lookForDrift(host, now)
}
const lookEverywhere = async () => {
  for (const name of Object.keys(fleet.hosts) as FakeLabName[])
    expect(await look(name)).toBe('read')
}
const drift = async () =>
  (await listDrift()).map(({ itemId, kind, desired, running }) => ({
    itemId,
    kind,
    desired,
    running,
  }))
const events = async () =>
  (await listAuditEvents({ subject: `cluster:${clusterId}` }))
    .filter(({ action }) => action.startsWith('drift'))
    .map(({ action, detail }) => `${action} ${detail.count} ${detail.what}`)

async function idOf(lan: number): Promise<string> {
  const { services } = (await getCluster(clusterId)).desired
  const all = services.flatMap(({ realServers }) => realServers)
  const found = all.find(({ key }) => key.rip === `172.25.254.${lan}`)
  if (found === undefined) throw new Error(`there is no real server ${lan}`)
  return found.id
}

test('where all is as applied nothing drifts, and each reading has its age', async () => {
  await lookEverywhere()
  expect(await drift()).toEqual([])
  expect(await events()).toEqual([])
  const readings = await listReadings()
  expect(readings).toHaveLength(4)
  expect(
    readings.every(({ readAt, failure }) => readAt !== undefined && failure === undefined),
  ).toBe(true)
})

test('a weight changed by hand is drift from the first reading on, until it is put back', async () => {
  byHand('director', `ipvsadm -e -t ${VIP} -r 172.25.254.2:80 -i -w 5`)
  await look('director', () => new Date('2027-01-01T12:00:00Z'))
  await look('director', () => new Date('2027-01-01T12:00:30Z'))
  const itemId = `entry 172.25.254.2:80 in tcp ${VIP}`
  expect(await listDrift()).toMatchObject([
    {
      ...{ itemId, kind: 'changed', desired: '-i -w 1', running: '-i -w 5' },
      since: new Date('2027-01-01T12:00:00Z'),
    },
  ])
  expect(await listDriftCounts()).toEqual([
    { clusterId, hostId: lab.director, count: 1, since: new Date('2027-01-01T12:00:00Z') },
  ])
  byHand('director', `ipvsadm -e -t ${VIP} -r 172.25.254.2:80 -i -w 1`)
  await look('director', () => new Date('2027-01-01T12:01:00Z'))
  expect(await drift()).toEqual([])
  expect(await events()).toEqual([`drift-gone 1 ${itemId}`, `drift-seen 1 ${itemId}`])
})

test('what is taken away is missing, what is put beside ours unexpected, on every kind of host', async () => {
  byHand('director', `ipvsadm -d -t ${VIP} -r 172.25.254.3:80`)
  byHand('director', `ipvsadm -a -t ${VIP} -r 172.25.254.4:80 -i -w 3`)
  byHand('server2', 'ip address del 172.25.254.100/32 dev tunl0')
  byHand('server3', 'sysctl -w net.ipv4.conf.all.arp_ignore=0')
  await lookEverywhere()
  expect(await drift()).toEqual(
    expect.arrayContaining([
      { itemId: `entry 172.25.254.3:80 in tcp ${VIP}`, kind: 'missing', desired: '-i -w 1' },
      { itemId: `entry 172.25.254.4:80 in tcp ${VIP}`, kind: 'unexpected', running: '-i -w 3' },
      { itemId: 'address 172.25.254.100 on tunl0', kind: 'missing', desired: '/32' },
      {
        ...{ itemId: 'sysctl net.ipv4.conf.all.arp_ignore', kind: 'changed' },
        ...{ desired: '1', running: '0' },
      },
    ]),
  )
  expect(await drift()).toHaveLength(4)
})

test('a service of somebody else beside ours is none of our drift', async () => {
  byHand('director', 'ipvsadm -A -t 172.25.254.200:443 -s wlc')
  await lookEverywhere()
  expect(await drift()).toEqual([])
})

test('a table that was cleared is one event, with each of its items as a row', async () => {
  byHand('director', 'ipvsadm -C')
  await look('director')
  expect((await drift()).map(({ kind }) => kind)).toEqual(['missing', 'missing', 'missing'])
  expect(await events()).toHaveLength(1)
})

test('what is desired otherwise and not applied yet waits, and is no drift', async () => {
  const { version } = await getCluster(clusterId)
  await setWeights(ada, { clusterId, version }, { [await idOf(2)]: 7 })
  await lookEverywhere()
  expect(await drift()).toEqual([])
  // somebody does by hand what waits
  byHand('director', `ipvsadm -e -t ${VIP} -r 172.25.254.2:80 -i -w 7`)
  await lookEverywhere()
  expect(await drift()).toEqual([])
  // and then something that nobody ever wanted
  byHand('director', `ipvsadm -e -t ${VIP} -r 172.25.254.2:80 -i -w 9`)
  await lookEverywhere()
  expect(await drift()).toMatchObject([{ kind: 'changed', desired: '-i -w 7', running: '-i -w 9' }])
})

test('an entry whose removal waits is no drift, whether it is still there or not', async () => {
  const { version } = await getCluster(clusterId)
  await removeRealServer(ada, { clusterId, version, realServerIds: [await idOf(3)] })
  await lookEverywhere()
  expect(await drift()).toEqual([])
  byHand('director', `ipvsadm -d -t ${VIP} -r 172.25.254.3:80`)
  await lookEverywhere()
  expect(await drift()).toEqual([])
})

test('a host that cannot be read keeps what was known of it, and says since when', async () => {
  byHand('director', `ipvsadm -d -t ${VIP} -r 172.25.254.3:80`)
  await look('director')
  await fleet.hosts.director.setMisbehaviour({ name: 'unreachable' })
  expect(await look('director')).toBe('failed')
  expect(await drift()).toHaveLength(1)
  const [reading] = await listReadings([lab.director])
  expect(reading?.failure?.code).toBe('unreachable.tcp')
  expect(reading?.readAt?.getTime()).toBeLessThan(reading?.triedAt.getTime() ?? 0)
})

test('a value that changes again keeps when it began, and is ignored no more', async () => {
  byHand('director', `ipvsadm -e -t ${VIP} -r 172.25.254.2:80 -i -w 5`)
  await look('director', () => new Date('2027-01-01T12:00:00Z'))
  const [first] = await listDrift()
  if (first === undefined) throw new Error('nothing drifted')
  const by = { userId: 'ada', name: 'Ada' }
  const ignored = { by, why: 'a disk is swapped', at: new Date('2027-01-01T12:01:00Z') }
  await inTransaction((tx) => updateDriftIgnored(tx, first, ignored))
  await look('director')
  expect(await listDrift()).toMatchObject([{ ignored }])
  expect(await listDriftCounts()).toEqual([])
  byHand('director', `ipvsadm -e -t ${VIP} -r 172.25.254.2:80 -i -w 6`)
  await look('director', () => new Date('2027-01-01T12:02:00Z'))
  const [second] = await listDrift()
  expect(second).toMatchObject({ running: '-i -w 6', since: first.since })
  expect(second?.ignored).toBeUndefined()
  expect((await events())[0]).toContain('drift-changed 1')
})

test('while an apply holds the host it is not read, and a reading that one overlapped is thrown away', async () => {
  const taking = () =>
    takeLocks([lab.director], { owner: 'Bob', reason: 'apply web', now: new Date() })
  const held = await taking()
  const before = fleet.hosts.director.received.reads
  expect(await look('director')).toBe('busy')
  expect(fleet.hosts.director.received.reads).toBe(before)
  await releaseLocks(held, new Date())
  byHand('director', `ipvsadm -d -t ${VIP} -r 172.25.254.3:80`)
  const { kernel } = fleet.hosts.director
  const sections = kernel.sections.bind(kernel)
  let overlapping: Promise<void> | undefined
  kernel.sections = () => {
    overlapping ??= taking().then((leases) => releaseLocks(leases, new Date()))
    return sections()
  }
  expect(await look('director')).toBe('moved')
  await overlapping
  expect(await drift()).toEqual([])
})

test('an apply under way is never drift, however often the hosts are read', async () => {
  const { version } = await getCluster(clusterId)
  await setWeights(ada, { clusterId, version }, { [await idOf(2)]: 7, [await idOf(3)]: 0 })
  let isOver = false
  const applying = planAndApply(clusterId).finally(() => {
    isOver = true
  })
  let looks = 0
  while (!isOver) {
    await look('director')
    await new Promise((resolve) => setImmediate(resolve)) // SQLite answers without letting anybody else in
    looks++
  }
  expect((await applying).state).toBe('verified')
  expect(looks).toBeGreaterThan(3)
  expect(await events()).toEqual([])
  await lookEverywhere()
  expect(await drift()).toEqual([])
})

test('the loop reads each host in its turn, at once where it is asked to, and a dead one ever less', async () => {
  const reads = () => Object.values(fleet.hosts).map(({ received }) => received.reads)
  const before = reads()
  await radarTick(Date.now())
  await startRadar().stop() // waits for what is under way
  expect(reads()).toEqual(before.map((count) => count + 1))
  await radarTick(Date.now())
  await startRadar().stop()
  expect(reads()).toEqual(before.map((count) => count + 1))
  readSoon([lab.server2])
  await radarTick(Date.now())
  await startRadar().stop()
  expect(fleet.hosts.server2.received.reads).toBe((before[1] ?? 0) + 2)
  const from = { now: 0, intervalMs: 30_000 }
  expect(nextTurn('failed', { ...from, failures: 0 })).toEqual({ dueAt: 30_000, failures: 1 })
  expect(nextTurn('failed', { ...from, failures: 3 })).toEqual({ dueAt: 240_000, failures: 4 })
  expect(nextTurn('failed', { ...from, failures: 99 })).toEqual({ dueAt: 600_000, failures: 100 })
  expect(nextTurn('read', { ...from, failures: 4 })).toEqual({ dueAt: 30_000, failures: 0 })
})

test('how often is a setting, and 30 s where nobody chose', async () => {
  expect(await getRadarSeconds()).toBe(30)
  await editRadar(ada, { seconds: 10 })
  expect(await getRadarSeconds()).toBe(10)
  const [event] = await listAuditEvents({ limit: 1 })
  expect(event).toMatchObject({ action: 'edit-radar', detail: { seconds: 10 } })
})

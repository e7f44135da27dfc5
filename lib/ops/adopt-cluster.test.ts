import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { getApply, listApplies } from '@/lib/db/applies'
import { listAuditEvents } from '@/lib/db/audit'
import { getCluster, listClusters } from '@/lib/db/clusters'
import { listDrift } from '@/lib/db/drift'
import { getHostRefs } from '@/lib/db/hosts'
import { listLedger } from '@/lib/db/ledger'
import { useTestDatabase } from '@/lib/db/test-database'
import { closeAll } from '@/lib/ssh/client'
import { type FakeLab, type FakeLabName, LAB_LOGIN, startFakeLab } from '@/lib/testing/fake-lab'
import { adoptCluster, previewAdoption, readAdoptOffer } from './adopt-cluster'
import { planNow } from './plan-now'
import { lookForDrift } from './radar'
import { releaseCluster } from './release-cluster'
import { takeDownCluster } from './take-down-cluster'
import { operator, planAndApply, registerLab } from './test-fleet'
import type { Lab } from './test-world'

const ada = operator('Ada')
const VIP = '172.25.254.100'
const WEB = `tcp ${VIP}:80`
let fleet: FakeLab
let lab: Lab
let remove: () => Promise<void>

const byHand = (name: FakeLabName, ...lines: string[]) => {
  for (const line of lines) {
    const { exit, stderr } = fleet.hosts[name].kernel.exec(line.split(' '))
    expect([line, exit, stderr]).toEqual([line, 0, ''])
  }
}

/** A cluster as somebody made it by hand, and a service of somebody else beside it. */
beforeEach(async () => {
  ;({ remove } = await useTestDatabase())
  globalThis.tunboardSecretKey = Buffer.alloc(32, 1)
  fleet = await startFakeLab()
  byHand(
    'director',
    'modprobe ipip',
    `ip address add ${VIP}/32 dev tunl0`,
    `ipvsadm -A -t ${VIP}:80 -s wrr`,
    `ipvsadm -a -t ${VIP}:80 -r 172.25.254.2:80 -i -w 2`,
    `ipvsadm -a -t ${VIP}:80 -r 172.25.254.3:80 -i -w 1`,
    'ipvsadm -A -t 172.25.254.200:443 -s wlc',
  )
  for (const name of ['server2', 'server3'] as const)
    byHand(
      name,
      'modprobe ipip',
      'sysctl -w net.ipv4.conf.all.arp_ignore=1',
      'sysctl -w net.ipv4.conf.all.arp_announce=2',
      'sysctl -w net.ipv4.conf.tunl0.rp_filter=2',
      `ip address add ${VIP}/32 dev tunl0`,
      'ip link set tunl0 up',
    )
  lab = await registerLab(fleet.hosts, LAB_LOGIN)
}, 30_000)
afterEach(async () => {
  await closeAll()
  await fleet.close()
  await remove()
})

const hosts = () => Object.values(fleet.hosts)
const everything = () => hosts().map(({ kernel }) => kernel.snapshot())
const commands = () => hosts().flatMap(({ received }) => received.commands)

async function formOf(services = [WEB]) {
  const form = { directorId: lab.director, name: 'web', services, fingerprint: '' }
  const preview = previewAdoption(await readAdoptOffer(lab.director), form)
  return { ...form, fingerprint: preview?.fingerprint ?? '' }
}
const adoptWeb = async () => adoptCluster(ada, await formOf())
const steps = async (id: string) =>
  (await planNow(id)).plan.steps.map(({ hostName, argv }) => `${hostName}: ${argv.join(' ')}`)

test('a cluster that runs is adopted without one command to any host, and its first plan is empty', async () => {
  const before = everything()
  const id = await adoptWeb()
  expect(await steps(id)).toEqual([])
  expect(commands()).toEqual([])
  expect(everything()).toEqual(before)
  const { desired } = await getCluster(id)
  expect(desired).toMatchObject({
    name: 'web',
    directors: [{ name: 'director', dip: '172.25.254.1' }],
  })
  expect(desired.services[0]?.realServers).toMatchObject([
    { name: 'server2', hostId: lab.server2, config: { weight: 2 } },
    { name: 'server3', hostId: lab.server3, config: { weight: 1 } },
  ])
  const rows = await listLedger({ clusterId: id })
  expect(rows).toHaveLength(6)
  expect(rows.every(({ origin, state }) => origin === 'adopted' && state === 'ours')).toBe(true)
  const [apply] = await listApplies({ clusterId: id })
  expect(apply).toMatchObject({ kind: 'adopt', state: 'verified', desiredVersion: 1 })
  expect((await getApply(apply?.id ?? '')).desired?.after.services).toHaveLength(1)
  const [event] = await listAuditEvents({ subject: `cluster:${id}` })
  expect(event).toMatchObject({ action: 'adopt-cluster', userName: 'Ada' })
})

test('what is not as it should be is in the first plan and no drift; what changes later is', async () => {
  byHand('server3', 'ip link set tunl0 down')
  const id = await adoptWeb()
  expect(await steps(id)).toEqual(['server3: ip link set dev tunl0 up'])
  const look = async () => {
    for (const host of await getHostRefs([lab.director, lab.server2, lab.server3]))
      expect(await lookForDrift(host)).toBe('read')
    return (await listDrift()).map(({ itemId, kind }) => `${kind} ${itemId}`)
  }
  expect(await look()).toEqual([])
  const said = vi.spyOn(process.stderr, 'write').mockImplementation(() => true)
  // no row of the ledger says so, and it is drift all the same: the cluster stands on it
  byHand('server2', 'sysctl -w net.ipv4.conf.all.arp_ignore=0')
  byHand('director', `ipvsadm -d -t ${VIP}:80 -r 172.25.254.2:80`)
  expect((await look()).sort()).toEqual([
    'changed sysctl net.ipv4.conf.all.arp_ignore',
    `missing entry 172.25.254.2:80 in ${WEB}`,
  ])
  expect(said.mock.calls.map(([text]) => String(text).includes('Drift was read'))).toEqual([
    true,
    true,
  ])
})

test('an adopted cluster that is taken down leaves no service, entry or VIP, and all of somebody else’s', async () => {
  const id = await adoptWeb()
  await takeDownCluster(ada, { clusterId: id, version: 1 })
  expect((await planAndApply(id)).state).toBe('verified')
  const table = fleet.hosts.director.kernel.exec(['ipvsadm', '-Sn']).stdout
  expect(table.trim()).toBe('-A -t 172.25.254.200:443 -s wlc')
  expect(JSON.stringify(everything())).not.toContain(`${VIP}`)
  expect(await listLedger()).toEqual([])
})

test('what changed since it was shown is not adopted, nor what a cluster has already', async () => {
  const form = await formOf()
  byHand('director', `ipvsadm -e -t ${VIP}:80 -r 172.25.254.2:80 -i -w 9`)
  await expect(adoptCluster(ada, form)).rejects.toMatchObject({ reason: 'adoption-moved' })
  expect(await listClusters()).toEqual([])
  expect(await listLedger()).toEqual([])
  const again = await formOf()
  await adoptCluster(ada, again)
  await expect(adoptCluster(ada, { ...again, name: 'other' })).rejects.toMatchObject({
    reason: 'adoption-impossible',
  })
  const { offer } = await readAdoptOffer(lab.director)
  expect(offer.services.map(({ refused }) => refused?.code)).toEqual(['adopt.taken', undefined])
})

test('released, a cluster is forgotten, runs on, and can be adopted again', async () => {
  const id = await adoptWeb()
  const before = everything()
  await releaseCluster(ada, { clusterId: id, version: 1 })
  expect(await listLedger()).toEqual([])
  expect(await listClusters()).toEqual([])
  expect(everything()).toEqual(before)
  expect(commands()).toEqual([])
  expect(await steps(await adoptWeb())).toEqual([])
})

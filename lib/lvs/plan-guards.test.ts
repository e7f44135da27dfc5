import { describe, expect, test } from 'vitest'
import { createFakeKernel, type FakeKernel } from '@/lib/testing/fake-kernel'
import type { DesiredCluster } from './cluster'
import type { LedgerRow } from './ledger'
import { intendLedger, settleLedger } from './ledger-change'
import { parseRunning } from './parse-running'
import { isApplyable, isEmpty, type Plan } from './plan'
import { planCluster } from './plan-cluster'
import { reason } from './reason'
import type { HostState } from './running'
import { cluster, host, realServer, VIP, WEIGHT_1, WWW } from './tutorial-world'

// Cases in which a plan that looks right would hurt somebody: each was found by a review, as a plan that was made.

const LANS = { director: 1, server2: 2, server3: 3, server4: 4 }
type Hosts = Record<string, FakeKernel>

const bootLab = (): Hosts =>
  Object.fromEntries(
    Object.entries(LANS).map(([name, lan]) => [
      name,
      createFakeKernel({
        hostName: name,
        devices: { eth0: [`172.25.254.${lan}/24`] },
        answers: ['172.25.254.2:80', '172.25.254.3:80', '172.25.254.2:443'],
      }),
    ]),
  )

const read = (hosts: Hosts, lost: readonly string[] = []): HostState[] =>
  Object.entries(hosts).map(([id, kernel]) =>
    lost.includes(id)
      ? { host: host(id), unreachable: reason('unreachable.tcp', { host: id }) }
      : { host: host(id), running: parseRunning(kernel.sections()) },
  )

class Operator {
  ledger: LedgerRow[] = []
  lost: string[] = []
  constructor(
    readonly hosts: Hosts,
    public clusters: DesiredCluster[],
  ) {}

  plan(clusterId = 'www'): Plan {
    const { clusters, ledger } = this
    return planCluster({ clusterId, clusters, ledger, hosts: read(this.hosts, this.lost) })
  }

  lines(clusterId = 'www'): string[] {
    return this.plan(clusterId).steps.map(({ hostName, argv }) => `${hostName}: ${argv.join(' ')}`)
  }

  apply(clusterId = 'www'): Plan {
    const plan = this.plan(clusterId)
    expect(plan.refusals).toEqual([])
    const id = (row: Pick<LedgerRow, 'hostId' | 'item'>) => row.hostId + JSON.stringify(row.item)
    const rows = new Map(this.ledger.map((row) => [id(row), row]))
    for (const row of intendLedger(plan, this.ledger, 'a1')) rows.set(id(row), row)
    for (const step of plan.steps) {
      const done = this.hosts[step.hostId]?.exec(step.argv)
      if (step.argv.length > 0 && !step.mayFail) expect(done).toMatchObject({ exit: 0 })
    }
    const settled = settleLedger(plan, [...rows.values()], read(this.hosts, this.lost))
    for (const row of settled.saved) rows.set(id(row), row)
    for (const row of settled.dropped) rows.delete(id(row))
    this.ledger = [...rows.values()]
    return plan
  }

  exec(name: string, line: string) {
    expect(this.hosts[name]?.exec(line.split(' '))).toMatchObject({ exit: 0 })
  }
}

const second = (lans: readonly number[]): DesiredCluster => {
  const [service] = cluster(lans).services
  if (service === undefined) throw new Error('the fixture has a service')
  const key = { ...WWW, vip: '172.25.254.101' }
  return cluster(lans, { id: 'b', name: 'b', services: [{ ...service, id: 'b-80', key }] })
}

const empty = (of: DesiredCluster): DesiredCluster => ({ ...of, services: [] })

test('two clusters taken down together: the first plan leaves what the second still runs on', () => {
  const us = new Operator(bootLab(), [cluster([2]), second([2])])
  us.apply('www')
  us.apply('b')
  us.clusters = [empty(cluster([2])), empty(second([2]))]
  us.apply('www')
  const server2 = us.hosts.server2?.exec(['ip', '-o', 'addr']).stdout
  expect(server2).toContain('172.25.254.101/32')
  expect(server2).not.toContain(`${VIP}/32`)
  us.apply('b')
  expect(us.ledger).toEqual([])
  expect(us.hosts.server2?.exec(['ip', '-o', 'addr']).stdout).not.toContain('tunl0')
})

describe('a successor that cannot be reached', () => {
  test('does not cost a live service its last real server', () => {
    const us = new Operator(bootLab(), [cluster([2])])
    us.apply()
    us.clusters = [cluster([3])]
    us.lost = ['server3']
    expect(us.lines().filter((line) => line.includes('ipvsadm'))).toEqual([])
    expect(us.plan().debts.map(({ why }) => why.code)).toContain('wait.successor')
    us.lost = []
    us.apply()
    expect(us.hosts.director?.exec(['ipvsadm', '-Sn']).stdout).not.toContain('172.25.254.2:80')
    expect(us.lines()).toEqual([])
  })

  test('does not stop the removal of a dead one while others serve', () => {
    const us = new Operator(bootLab(), [cluster([2, 3])])
    us.apply()
    us.clusters = [cluster([2, 4])]
    us.lost = ['server3', 'server4']
    expect(us.lines()).toContain('director: ipvsadm -d -t 172.25.254.100:80 -r 172.25.254.3:80')
  })

  test('does not quiesce the last one either', () => {
    const us = new Operator(bootLab(), [cluster([2])])
    us.apply()
    const both = cluster([2, 3])
    const [service] = both.services
    if (service === undefined) throw new Error('the fixture has a service')
    const realServers = [realServer(2, { ...WEIGHT_1, weight: 0 }), realServer(3)]
    us.clusters = [{ ...both, services: [{ ...service, realServers }] }]
    us.lost = ['server3']
    expect(us.lines().filter((line) => line.includes('ipvsadm'))).toEqual([])
  })
})

describe('a table that cannot be read is not an empty one', () => {
  const denied = (us: Operator): HostState[] =>
    read(us.hosts).map((state) =>
      state.host.id === 'director' && state.running !== undefined
        ? {
            ...state,
            running: {
              ...state.running,
              ipvs: { state: 'denied', why: reason('ipvs.denied', { text: 'no' }) },
            },
          }
        : state,
    )

  test('taking down is refused, and real servers keep their VIP', () => {
    const us = new Operator(bootLab(), [cluster([2])])
    us.apply()
    us.clusters = [empty(cluster([2]))]
    const { clusters, ledger } = us
    const plan = planCluster({ clusterId: 'www', clusters, ledger, hosts: denied(us) })
    expect(plan.refusals.map(({ why }) => why.code)).toEqual(['refusal.denied'])
    expect(plan.steps.filter(({ hostName }) => hostName === 'server2')).toEqual([])
    expect(plan.debts.map(({ why }) => why.code)).toEqual(['debt.director-unread'])
  })

  test('one such reading forgets nothing of ours', () => {
    const us = new Operator(bootLab(), [cluster([2])])
    const plan = us.apply()
    expect(settleLedger(plan, us.ledger, denied(us)).dropped).toEqual([])
  })
})

test('a VIP that was there before us keeps the ARP settings while a director serves it', () => {
  const us = new Operator(bootLab(), [cluster([2, 3])])
  us.exec('server2', 'modprobe ipip')
  us.exec('server2', 'ip link set dev tunl0 up')
  us.exec('server2', `ip address add ${VIP}/32 dev tunl0`)
  us.apply()
  us.clusters = [cluster([3])]
  us.apply()
  expect(us.hosts.server2?.exec(['ip', '-o', 'addr']).stdout).toContain(VIP)
  expect(us.hosts.server2?.read('/proc/sys/net/ipv4/conf/all/arp_ignore')?.trim()).toBe('1')
  expect(us.plan().debts.map(({ why }) => why.code)).toContain('wait.arp-vip')
  us.clusters = [empty(cluster([3]))]
  us.apply()
  expect(us.hosts.server2?.read('/proc/sys/net/ipv4/conf/all/arp_ignore')?.trim()).toBe('0')
})

test('a real server that balances something itself is not made deaf to ARP', () => {
  const us = new Operator(bootLab(), [cluster([2])])
  us.exec('server2', 'ipvsadm -A -t 172.25.254.200:80 -s rr')
  expect(us.plan().refusals.map(({ why }) => why.code)).toEqual(['refusal.real-server-balances'])
})

test('a VIP stays on the director while somebody else has a service on it', () => {
  const us = new Operator(bootLab(), [cluster([2])])
  us.apply()
  us.exec('director', `ipvsadm -A -t ${VIP}:443 -s rr`)
  us.clusters = [empty(cluster([2]))]
  us.apply()
  expect(us.hosts.director?.exec(['ip', '-o', 'addr']).stdout).toContain(VIP)
  const waiting = us.plan().debts.map(({ why }) => why.code)
  expect(waiting).toEqual(['wait.vip-in-use', 'wait.tunnel-in-use'])
  us.exec('director', `ipvsadm -D -t ${VIP}:443`)
  us.apply()
  expect(us.hosts.director?.exec(['ip', '-o', 'addr']).stdout).not.toContain(VIP)
})

test("the director's device changes in one apply, and one that is not there is refused", () => {
  const on = (directorDevice: string) => {
    const of = cluster([2])
    return { ...of, options: { ...of.options, directorDevice } }
  }
  const us = new Operator(bootLab(), [on('lo')])
  us.apply()
  us.clusters = [on('tunl0')]
  us.apply()
  expect(us.lines()).toEqual([])
  us.clusters = [on('bond7')]
  expect(us.plan().refusals.map(({ why }) => why.code)).toEqual(['refusal.device-not-here'])
})

test('when hosts lost everything at once, what is left to do is to forget it', () => {
  const us = new Operator(bootLab(), [cluster([2])])
  us.apply()
  for (const kernel of Object.values(us.hosts)) kernel.reboot()
  us.clusters = [empty(cluster([2]))]
  expect(isEmpty(us.plan())).toBe(true)
  expect(isApplyable(us.plan())).toBe(true)
  us.apply()
  expect(us.ledger).toEqual([])
  expect(isApplyable(us.plan())).toBe(false)
})

test('a VIP that moves to another device leaves the tunnel before its module goes', () => {
  const onLo = cluster([2], {
    options: { ...cluster([]).options, directorDevice: 'lo' },
  })
  const us = new Operator(bootLab(), [cluster([2])])
  us.apply()
  us.clusters = [onLo]
  expect(us.lines()).toEqual([
    `director: ip address add ${VIP}/32 dev lo`,
    `director: arping -U -c 2 -I eth0 -s ${VIP} ${VIP}`,
    `director: ip address del ${VIP}/32 dev tunl0`,
    'director: modprobe -r ipip',
  ])
  us.apply()
  expect(us.lines()).toEqual([])
})

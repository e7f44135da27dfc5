import { describe, expect, test } from 'vitest'
import type { LedgerRow } from './ledger'
import { intendLedger } from './ledger-change'
import { isApplyable, isComplete, isEmpty } from './plan'
import { planCluster } from './plan-cluster'
import type { World } from './plan-world'
import { reason } from './reason'
import type { HostState, Running } from './running'
import { bare, bareHosts, cluster, host, VIP, WEIGHT_1, WWW } from './tutorial-world'

const world = (change: Partial<World> = {}): World => ({
  clusterId: 'www',
  clusters: [cluster([2, 3])],
  hosts: bareHosts(),
  ledger: [],
  ...change,
})

const lines = (change: Partial<World> = {}) =>
  planCluster(world(change)).steps.map(({ hostName, argv }) => `${hostName}: ${argv.join(' ')}`)

const refused = (change: Partial<World>) =>
  planCluster(world(change)).refusals.map(({ why }) => why.code)

/** Replaces one host of the lab by another state of it. */
const withHost = (name: string, running: Running): HostState[] =>
  bareHosts().map((state) => (state.host.name === name ? { host: host(name), running } : state))

const lost = (name: string): HostState[] =>
  bareHosts().map((state) =>
    state.host.name === name
      ? { host: host(name), unreachable: reason('unreachable.timeout', { host: name }) }
      : state,
  )

const row = (
  hostId: string,
  item: LedgerRow['item'],
  values: Partial<LedgerRow> = {},
): LedgerRow => ({
  hostId,
  item,
  state: 'ours',
  origin: 'applied',
  clusters: ['www'],
  since: 'a1',
  ...values,
})

test('the tutorial: every command, real servers before the director', () => {
  const realServerLines = (name: string) => [
    `${name}: modprobe ipip`,
    `${name}: udevadm settle --timeout=5`,
    `${name}: ip link set dev tunl0 up`,
    `${name}: sysctl -w net.ipv4.conf.all.arp_ignore=1`,
    `${name}: sysctl -w net.ipv4.conf.all.arp_announce=2`,
    `${name}: sysctl -w net.ipv4.conf.tunl0.rp_filter=2`,
    `${name}: ip address add 172.25.254.100/32 dev tunl0`,
  ]
  const byHost = lines()
  for (const name of ['server2', 'server3'])
    expect(byHost.filter((line) => line.startsWith(name))).toEqual(realServerLines(name))
  expect(byHost.slice(14)).toEqual([
    'director: modprobe ipip',
    'director: modprobe ip_vs',
    'director: udevadm settle --timeout=5',
    'director: ip address add 172.25.254.100/32 dev tunl0',
    'director: ipvsadm -A -t 172.25.254.100:80 -s rr',
    'director: timeout 3 bash -c exec 3<>"/dev/tcp/$0/$1" 172.25.254.2 80',
    'director: timeout 3 bash -c exec 3<>"/dev/tcp/$0/$1" 172.25.254.3 80',
    'director: ipvsadm -a -t 172.25.254.100:80 -r 172.25.254.2:80 -i -w 1',
    'director: ipvsadm -a -t 172.25.254.100:80 -r 172.25.254.3:80 -i -w 1',
    'director: arping -U -c 2 -I eth0 -s 172.25.254.100 172.25.254.100',
  ])
})

test('every step that changes something says how it is undone and why', () => {
  for (const step of planCluster(world()).steps) {
    expect(step.why.code).toMatch(/^why\./)
    const stays = step.item?.kind === 'module' && step.item.name === 'ip_vs'
    if (step.item !== undefined && !stays) expect(step.undo, step.id).toBeDefined()
  }
})

test('"add anyway" leaves out the check of RIP:port and nothing else', () => {
  const all = lines()
  expect(lines({ skipChecks: true })).toEqual(all.filter((line) => !line.includes('/dev/tcp')))
})

test("the tutorial's own way sets rp_filter to 0 everywhere and brings the director's tunnel up", () => {
  const options = {
    arpScope: 'interface',
    rpFilter: 'off-everywhere',
    directorTunnel: 'up',
    directorDevice: 'tunl0',
  } as const
  const hardened = bare(2)
  const sysctls = { ...hardened.sysctls, 'net.ipv4.conf.all.rp_filter': '1' }
  const hosts = withHost('server2', { ...hardened, sysctls })
  const planned = lines({ clusters: [cluster([2], { options })], hosts })
  expect(planned).toContain('server2: sysctl -w net.ipv4.conf.all.rp_filter=0')
  expect(planned).toContain('server2: sysctl -w net.ipv4.conf.eth0.arp_ignore=1')
  expect(planned).toContain('director: ip link set dev tunl0 up')
})

test('a weight of 0 is kept, not read as unset, and an edit repeats the whole entry', () => {
  const quiesced = cluster([])
  const [service] = quiesced.services
  if (service === undefined) throw new Error('the fixture has a service')
  const realServers = [
    { id: 'x', name: 'x', key: { rip: '10.0.0.2', port: 80 }, config: { ...WEIGHT_1, weight: 0 } },
  ]
  const key = { rip: '10.0.0.2', port: 80 }
  const director: Running = {
    ...bare(1),
    ipvs: {
      state: 'present',
      unreadable: [],
      services: [
        {
          key: WWW,
          config: service.config,
          realServers: [
            { key, config: { ...WEIGHT_1, upperThreshold: 10 }, active: 41, inactive: 3 },
          ],
        },
      ],
    },
  }
  const clusters = [{ ...quiesced, services: [{ ...service, realServers }] }]
  const ledger = [row('director', { kind: 'service', service: WWW }, { written: '-s rr' })]
  const { steps } = planCluster(world({ clusters, hosts: withHost('director', director), ledger }))
  const edit = steps.find(({ kind }) => kind === 'entry')
  expect(edit?.argv.join(' ')).toBe('ipvsadm -e -t 172.25.254.100:80 -r 10.0.0.2:80 -i -w 0')
  expect(edit?.undo?.join(' ')).toBe('ipvsadm -e -t 172.25.254.100:80 -r 10.0.0.2:80 -i -w 1 -x 10')
  expect(edit?.connections).toBe(41)
})

describe('refusals', () => {
  const has = (running: Partial<Running>, name = 'director', lan = 1) =>
    refused({ hosts: withHost(name, { ...bare(lan), ...running }) })

  test('a host that keepalived owns', () => {
    const owners = [{ name: 'keepalived', evidence: 'process 812' }] as const
    expect(has({ owners })).toContain('refusal.owned')
    expect(has({ owners }, 'server2', 2)).toContain('refusal.owned')
  })

  test('no root and no sudo', () => {
    expect(has({ privilege: 'none' }, 'server3', 3)).toEqual(['refusal.no-privilege'])
  })

  test('no ipvsadm on the director, no ip_vs module for its kernel', () => {
    expect(has({ tools: ['ip', 'modprobe', 'sysctl', 'flock'] })).toEqual(['refusal.no-ipvsadm'])
    expect(has({ tools: ['ipvsadm', 'ip', 'modprobe', 'sysctl'] })).toEqual(['refusal.no-flock'])
    expect(has({ missingModules: ['ip_vs'] })).toEqual(['refusal.module-missing'])
  })

  test('a foreign service with the key of ours is not merged', () => {
    const services = [
      { key: WWW, config: { scheduler: 'wlc', flags: [], onePacket: false }, realServers: [] },
    ]
    const ipvs = { state: 'present', unreadable: [], services } as const
    expect(has({ ipvs })).toEqual(['refusal.foreign-service'])
    const { steps } = planCluster(world({ hosts: withHost('director', { ...bare(1), ipvs }) }))
    expect(steps.filter(({ kind }) => kind === 'service')).toEqual([])
  })

  test('a director of any cluster as real server: its arp_ignore would be an outage', () => {
    const dns = cluster([], {
      id: 'dns',
      name: 'dns',
      directors: [{ hostId: 'server2', name: 'server2', dip: '172.25.254.2' }],
    })
    expect(refused({ clusters: [cluster([2, 3]), dns] })).toContain(
      'refusal.real-server-is-director',
    )
  })

  test('a director that does not answer ARP itself', () => {
    const sysctls = { ...bare(1).sysctls, 'net.ipv4.conf.all.arp_ignore': '1' }
    expect(has({ sysctls })).toEqual(['refusal.director-arp-ignore'])
  })

  test('a VIP that is the address of a host', () => {
    const [lo, eth0] = bare(1).devices
    if (lo === undefined || eth0 === undefined) throw new Error('the fixture has two devices')
    const devices = [
      lo,
      { ...eth0, addresses: [{ address: VIP, prefixLength: 24 }, ...eth0.addresses] },
    ]
    expect(has({ devices })).toEqual(['refusal.vip-is-host-address'])
  })

  test('a second director for the VIP', () => {
    const other = cluster([], {
      id: 'w2',
      name: 'w2',
      directors: [{ hostId: 'server4', name: 'server4', dip: '172.25.254.4' }],
    })
    expect(refused({ clusters: [cluster([2, 3]), other] })).toEqual(['refusal.second-director'])
  })

  test('a RIP or DIP that its host does not have', () => {
    const [lo] = bare(2).devices
    if (lo === undefined) throw new Error('the fixture has lo')
    expect(has({ devices: [lo] }, 'server2', 2)).toEqual(['refusal.rip-not-here'])
    expect(has({ devices: [lo] })).toEqual(['refusal.dip-not-here'])
  })

  test('one refusal is enough: the plan is not applyable, whatever else it could do', () => {
    const plan = planCluster(
      world({ hosts: withHost('director', { ...bare(1), privilege: 'none' }) }),
    )
    expect(isEmpty(plan)).toBe(false)
    expect(isApplyable(plan)).toBe(false)
  })
})

describe('hosts that cannot be reached', () => {
  test('an entry waits for the real server behind it, others go on', () => {
    const plan = planCluster(world({ hosts: lost('server3') }))
    const entries = plan.steps.filter(({ kind }) => kind === 'entry').map(({ subject }) => subject)
    expect(entries).toEqual(['172.25.254.2:80 in tcp 172.25.254.100:80'])
    expect(plan.waiting.map(({ hostName }) => hostName)).toEqual(['server3'])
    expect(isComplete(plan)).toBe(false)
    expect(isApplyable(plan)).toBe(true)
  })

  test('a dead real server is removed from the director, its clean-up stays as a debt', () => {
    const vip = { kind: 'address', address: VIP, device: 'tunl0' } as const
    const entry = {
      kind: 'entry',
      service: WWW,
      realServer: { rip: '172.25.254.3', port: 80 },
    } as const
    const ledger = [
      row('server3', vip, { written: '/32' }),
      row('director', { kind: 'service', service: WWW }, { written: '-s rr' }),
      row('director', entry, { written: '-i -w 1' }),
    ]
    const director: Running = {
      ...bare(1),
      ipvs: {
        state: 'present',
        unreadable: [],
        services: [
          {
            key: WWW,
            config: { scheduler: 'rr', flags: [], onePacket: false },
            realServers: [{ key: entry.realServer, config: WEIGHT_1, active: 7, inactive: 0 }],
          },
        ],
      },
    }
    const hosts = withHost('director', director).map((state) =>
      state.host.name === 'server3'
        ? { host: host('server3'), unreachable: reason('unreachable.tcp') }
        : state,
    )
    const plan = planCluster(world({ clusters: [cluster([])], hosts, ledger }))
    const removal = plan.steps.find(({ change }) => change === 'remove')
    expect(removal?.argv.join(' ')).toBe('ipvsadm -d -t 172.25.254.100:80 -r 172.25.254.3:80')
    expect(removal?.connections).toBe(7)
    expect(plan.debts).toMatchObject([{ hostName: 'server3', items: [vip] }])
  })

  test('a real server keeps its VIP while its director cannot be read', () => {
    const ledger = [
      row('server3', { kind: 'address', address: VIP, device: 'tunl0' }, { written: '/32' }),
      row(
        'director',
        { kind: 'entry', service: WWW, realServer: { rip: '172.25.254.3', port: 80 } },
        { written: '-i -w 1' },
      ),
    ]
    const server3 = bare(3)
    const tunl0 = {
      name: 'tunl0',
      kind: 'ipip',
      up: true,
      loopback: false,
      addresses: [{ address: VIP, prefixLength: 32 }],
    }
    const hosts = lost('director').map((state) =>
      state.host.name === 'server3'
        ? { host: host('server3'), running: { ...server3, devices: [...server3.devices, tunl0] } }
        : state,
    )
    const plan = planCluster(world({ clusters: [cluster([2])], hosts, ledger }))
    expect(
      plan.steps.filter(({ hostName, change }) => hostName === 'server3' && change === 'remove'),
    ).toEqual([])
    expect(plan.debts).toMatchObject([
      { hostName: 'server3', why: { code: 'debt.director-unread' } },
    ])
  })
})

test('the first commit remembers what was there before our first touch', () => {
  const plan = planCluster(world())
  const rows = intendLedger(plan, [], 'apply-1')
  const arp = rows.find(
    ({ hostId, item }) =>
      hostId === 'server2' && item.kind === 'sysctl' && item.key.endsWith('arp_ignore'),
  )
  expect(arp).toMatchObject({
    before: '0',
    written: '1',
    state: 'intended',
    clusters: ['www'],
    since: 'apply-1',
  })
  const again = intendLedger(
    plan,
    rows.map((r) => ({ ...r, before: '7' })),
    'apply-2',
  )
  expect(again.every(({ before, since }) => before === '7' && since === 'apply-1')).toBe(true)
})

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFakeKernel, type FakeKernel } from '@/lib/testing/fake-kernel'
import { type AdoptWorld, adopt, offerOf, withRows } from './adopt'
import type { ClusterOptions, DesiredCluster } from './cluster'
import { formatItem, type LedgerRow } from './ledger'
import { intendLedger, settleLedger } from './ledger-change'
import { parseRules } from './parse-rules'
import { parseRunning } from './parse-running'
import { planCluster } from './plan-cluster'
import type { HostState, Running } from './running'
import { formatServiceKey, type ServiceKey } from './service'
import { bare, cluster, host, realServer, VIP, WEIGHT_1, WWW } from './tutorial-world'

type Hosts = Record<string, FakeKernel>
const LANS = { director: 1, server2: 2, server3: 3, server4: 4 }
const FOREIGN = [
  'ipvsadm -A -t 172.25.254.200:443 -s wlc -p 600',
  'ipvsadm -a -t 172.25.254.200:443 -r 172.25.254.3:443 -i -w 7 -x 90',
]

const run = (kernel: FakeKernel | undefined, line: string) => {
  const { exit, stderr } = kernel?.exec(line.split(' ')) ?? { exit: -1, stderr: 'no host' }
  if (exit !== 0) throw new Error(`${line}: ${stderr}`)
}

function boot(rpFilter = 1, foreign = FOREIGN): Hosts {
  const hosts = Object.fromEntries(
    Object.entries(LANS).map(([name, lan]) => [
      name,
      createFakeKernel({
        hostName: name,
        devices: { eth0: [`172.25.254.${lan}/24`], mgmt: ['10.0.2.100/24'] },
        sysctls: { 'net.ipv4.conf.all.rp_filter': String(rpFilter) },
        answers: Object.values(LANS).flatMap((to) => [
          `172.25.254.${to}:80`,
          `172.25.254.${to}:443`,
        ]),
      }),
    ]),
  )
  for (const line of foreign) run(hosts.director, line)
  return hosts
}

const states = (hosts: Hosts): HostState[] =>
  Object.entries(hosts).map(([id, kernel]) => ({
    host: host(id),
    running: parseRunning(kernel.sections()),
  }))

function apply(desired: DesiredCluster, hosts: Hosts, ledger: readonly LedgerRow[]): LedgerRow[] {
  const plan = planCluster({
    clusterId: desired.id,
    clusters: [desired],
    hosts: states(hosts),
    ledger,
  })
  expect(plan.refusals.filter(({ override }) => override === undefined)).toEqual([])
  const rows = withRows(ledger, intendLedger(plan, ledger, 'a1'))
  for (const { hostId, argv, mayFail } of plan.steps) {
    const result = argv.length === 0 ? undefined : hosts[hostId]?.exec(argv)
    if (result !== undefined && result.exit !== 0 && !mayFail) throw new Error(result.stderr)
  }
  const { saved, dropped } = settleLedger(plan, rows, states(hosts))
  const gone = new Set(dropped.map((row) => `${row.hostId} ${formatItem(row.item)}`))
  return withRows(rows, saved).filter((row) => !gone.has(`${row.hostId} ${formatItem(row.item)}`))
}

const worldOf = (hosts: Hosts, change: Partial<AdoptWorld> = {}): AdoptWorld => ({
  ...{ directorId: 'director', hosts: states(hosts), clusters: [], ledger: [] },
  ...change,
})
function adoptAll(world: AdoptWorld, services: readonly ServiceKey[] = [WWW]) {
  const adoption = adopt(world, { clusterId: 'old', name: 'old', services }, 'a9')
  if (adoption === undefined) throw new Error('nothing was adopted')
  return adoption
}
const lines = (hosts: Hosts, has: string) =>
  hosts.director
    ?.exec(['ipvsadm', '-Sn'])
    .stdout.split('\n')
    .filter((line) => line.includes(has))

const options: fc.Arbitrary<ClusterOptions> = fc.record({
  arpScope: fc.constantFrom('all', 'interface'),
  rpFilter: fc.constantFrom('loose-on-tunnel', 'off-everywhere'),
  directorTunnel: fc.constantFrom('as-found', 'up'),
  directorDevice: fc.constantFrom('tunl0', 'lo', 'eth0'),
})
const clusters: fc.Arbitrary<DesiredCluster> = fc
  .record({
    options,
    lans: fc.subarray([2, 3, 4]),
    weight: fc.constantFrom(0, 1, 9),
    scheduler: fc.constantFrom('rr', 'wlc', 'sh'),
    persistent: fc.boolean(),
    ports: fc.constantFrom([80], [80, 443]),
  })
  .map(({ options: chosen, lans, weight, scheduler, persistent, ports }) => {
    const persistence = persistent ? { persistence: { timeoutSeconds: 300 } } : {}
    return cluster([], {
      options: chosen,
      services: ports.map((port) => ({
        id: `www-${port}`,
        key: { ...WWW, port } as ServiceKey,
        config: { scheduler, flags: [], onePacket: false, ...persistence },
        vips: [],
        realServers: lans.map((lan) => {
          const made = realServer(lan, { ...WEIGHT_1, weight })
          return { ...made, key: { ...made.key, port } }
        }),
      })),
    })
  })

describe('whatever cluster runs', { timeout: 120_000 }, () => {
  test('forgotten and adopted, its first plan is empty, and removing it leaves nothing of it and all that is foreign', () => {
    fc.assert(
      fc.property(clusters, fc.constantFrom(0, 1, 2), (applied, rpFilter) => {
        const hosts = boot(rpFilter)
        apply(applied, hosts, [])
        const before = states(hosts)
        const services = applied.services.map(({ key }) => key)
        const { desired, rows, plan, open } = adoptAll(worldOf(hosts), services)
        expect(states(hosts)).toEqual(before) // adopting reads, and nothing else
        expect({ steps: plan.steps, open, bookkeeping: plan.bookkeeping }).toEqual({
          ...{ steps: [], open: [], bookkeeping: [] },
        })
        expect(desired.services.map(({ config, key }) => ({ config, key }))).toEqual(
          applied.services.map(({ config, key }) => ({ config, key })),
        )
        const foreign = lines(hosts, '.200:443')
        apply({ ...desired, services: [] }, hosts, rows)
        expect(lines(hosts, '.200:443')).toEqual(foreign)
        expect(lines(hosts, VIP)).toEqual([])
        const held = states(hosts).flatMap(({ running }) =>
          (running?.devices ?? []).flatMap(({ addresses }) => addresses),
        )
        expect(held.filter(({ address }) => address === VIP)).toEqual([])
      }),
      { numRuns: 40 },
    )
  })
})

test('the tutorial by hand is adopted as it works, in its own way', () => {
  const hosts = boot(0, [])
  for (const line of [
    'modprobe ipip',
    'ip link set tunl0 up',
    `ip address add ${VIP}/32 dev tunl0`,
    `ipvsadm -A -t ${VIP}:80 -s rr`,
    `ipvsadm -a -t ${VIP}:80 -r 172.25.254.2:80 -i -w 3`,
    `ipvsadm -a -t ${VIP}:80 -r 10.9.9.9:80 -i`,
  ])
    run(hosts.director, line)
  for (const line of ['modprobe ipip', `ip address add ${VIP}/32 dev tunl0`])
    run(hosts.server2, line)
  for (const device of ['all', 'default', 'lo', 'eth0', 'tunl0'])
    run(hosts.server2, `sysctl -w net.ipv4.conf.${device}.rp_filter=0`)
  const { desired, rows, plan, open } = adoptAll(worldOf(hosts))
  expect(desired.directors).toEqual([{ hostId: 'director', name: 'director', dip: '172.25.254.1' }])
  expect(desired.options).toMatchObject({ directorDevice: 'tunl0', rpFilter: 'off-everywhere' })
  expect(
    desired.services[0]?.realServers.map(({ name, hostId, config }) => [
      name,
      hostId,
      config.weight,
    ]),
  ).toEqual([
    ['server2', 'server2', 3],
    ['10.9.9.9', undefined, 1], // on no managed host: it stays unmanaged
  ])
  // exactly what is not as it should be: the tunnel is down, and it answers ARP for the VIP
  expect(plan.steps.map(({ hostName, argv }) => `${hostName}: ${argv.join(' ')}`)).toEqual([
    'server2: ip link set dev tunl0 up',
    'server2: sysctl -w net.ipv4.conf.all.arp_ignore=1',
    'server2: sysctl -w net.ipv4.conf.all.arp_announce=2',
  ])
  expect(open).toHaveLength(3)
  expect(rows.map((row) => `${row.hostId} ${formatItem(row.item)}`).sort()).toEqual([
    `director address ${VIP} on tunl0`,
    `director entry 10.9.9.9:80 in tcp ${VIP}:80`,
    `director entry 172.25.254.2:80 in tcp ${VIP}:80`,
    `director service tcp ${VIP}:80`,
    `server2 address ${VIP} on tunl0`,
  ])
  expect(rows.every(({ origin, before }) => origin === 'adopted' && before === undefined)).toBe(
    true,
  )
})

test('everything that the lab was seen to run can be adopted: fwmark, IPv6, UDP, SCTP, route and masquerade', () => {
  const text = readFileSync('lib/lvs/fixtures/multi/ipvsadm-Sn.txt', 'utf8')
  const services = parseRules(text).services.map(({ entries, ...each }) => ({
    ...each,
    realServers: entries,
  }))
  const running: Running = { ...bare(1), ipvs: { state: 'present', services, unreadable: [] } }
  const hosts = [
    { host: host('director'), running },
    { host: host('server2'), running: bare(2) },
  ]
  const world: AdoptWorld = { directorId: 'director', hosts, clusters: [], ledger: [] }
  const keys = services.map(({ key }) => key)
  expect(offerOf(world).services.every(({ refused }) => refused === undefined)).toBe(true)
  const { desired, rows, plan } = adoptAll(world, keys)
  expect(desired.services.map(({ key }) => formatServiceKey(key))).toEqual(
    keys.map(formatServiceKey),
  )
  const inTable = rows.filter(({ item }) => item.kind === 'service' || item.kind === 'entry')
  const entries = services.flatMap(({ realServers }) => realServers)
  expect(inTable).toHaveLength(services.length + entries.length)
  expect(plan.steps.filter(({ kind }) => kind === 'service' || kind === 'entry')).toEqual([])
  const linked = desired.services
    .flatMap(({ realServers }) => realServers)
    .filter(({ hostId }) => hostId)
  expect(linked.length).toBeGreaterThan(0)
  expect(linked.every(({ config }) => config.forwarding.method === 'tunnel')).toBe(true)
})

test('what somebody else owns, nobody may read or a cluster has already is not offered', () => {
  const hosts = boot()
  const ledger = apply(cluster([2]), hosts, [])
  const taken = offerOf(worldOf(hosts, { clusters: [cluster([2])], ledger }))
  expect(taken.services.map(({ refused }) => refused?.code)).toEqual(['adopt.taken', undefined])
  const released = offerOf(worldOf(hosts, { ledger }))
  expect(released.services[0]?.refused?.code).toBe('adopt.ours')
  expect(
    adopt(worldOf(hosts, { ledger }), { clusterId: 'x', name: 'x', services: [WWW] }, 'a'),
  ).toBeUndefined()
  const [director] = states(hosts)
  if (director?.running === undefined) throw new Error('no director')
  const owned = {
    ...director.running,
    owners: [{ name: 'keepalived', evidence: 'pid 8' } as const],
  }
  const state = { host: director.host, running: owned }
  expect(offerOf(worldOf(hosts, { hosts: [state] })).refused?.code).toBe('adopt.owned')
  expect(offerOf(worldOf(boot(1, []))).refused?.code).toBe('adopt.nothing')
})

test('a VIP that another cluster holds on the same hosts is shared, not taken', () => {
  const hosts = boot()
  const first = cluster([2])
  const ledger = apply(first, hosts, [])
  run(hosts.director, `ipvsadm -A -t ${VIP}:443 -s rr`)
  run(hosts.director, `ipvsadm -a -t ${VIP}:443 -r 172.25.254.2:443 -i`)
  const key = { ...WWW, port: 443 } as ServiceKey
  const { rows, plan } = adoptAll(worldOf(hosts, { clusters: [first], ledger }), [key])
  expect(plan).toMatchObject({ steps: [], bookkeeping: [] })
  const vip = rows.find(({ hostId, item }) => hostId === 'director' && item.kind === 'address')
  expect(vip).toMatchObject({ clusters: ['old', 'www'], origin: 'applied' })
})

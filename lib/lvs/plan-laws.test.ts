import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFakeKernel, type FakeKernel } from '@/lib/testing/fake-kernel'
import type { ClusterOptions, DesiredCluster } from './cluster'
import { foreignOn } from './foreign'
import { effective, findDevice, itemValue } from './item-value'
import type { LedgerRow } from './ledger'
import { intendLedger, settleLedger } from './ledger-change'
import { parseRunning } from './parse-running'
import { isComplete, isEmpty, type Plan, type Step } from './plan'
import { planCluster } from './plan-cluster'
import type { World } from './plan-world'
import type { HostState, Running } from './running'
import { IPIP } from './service'
import { TUNNEL } from './wants'

// The eight laws of ARCHITECTURE.md, on generated clusters and hosts. The hosts are fake kernels that know nothing of
// the planner: they run its commands as ipvsadm, ip, sysctl and modprobe would, and are read by the real parsers.

type Hosts = Record<string, FakeKernel>

const LANS = { director: 1, director2: 5, server2: 2, server3: 3, server4: 4 } as const
type Name = keyof typeof LANS
const NAMES = Object.keys(LANS) as Name[]
const addressOf = (name: Name) => `172.25.254.${LANS[name]}`
const read = (kernel: FakeKernel): Running => parseRunning(kernel.sections())

type Before = {
  rpFilter: number
  arpIgnore: number
  ipip: boolean
  up: boolean
  secondTunnel: boolean
  foreignVip: boolean
}

const beforeArbitrary: fc.Arbitrary<Before> = fc.record({
  rpFilter: fc.constantFrom(0, 1, 2),
  arpIgnore: fc.constantFrom(0, 0, 1),
  ipip: fc.boolean(),
  up: fc.boolean(),
  secondTunnel: fc.boolean(),
  foreignVip: fc.boolean(),
})

const run = (kernel: FakeKernel, line: string) => {
  const { exit, stderr } = kernel.exec(line.split(' '))
  if (exit !== 0) throw new Error(`${line}: ${stderr}`)
}

const FOREIGN = [
  'ipvsadm -A -t 172.25.254.200:443 -s wlc -p 600',
  'ipvsadm -a -t 172.25.254.200:443 -r 172.25.254.3:443 -i -w 7 -x 90',
  'ipvsadm -A -f 7 -s sh -b sh-port',
]

function bootHost(name: Name, before: Before): FakeKernel {
  const director = name.startsWith('director')
  const kernel = createFakeKernel({
    hostName: name,
    devices: { eth0: [`${addressOf(name)}/24`], mgmt: ['10.0.2.100/24'] },
    sysctls: {
      'net.ipv4.conf.all.rp_filter': String(before.rpFilter),
      ...(director ? {} : { 'net.ipv4.conf.all.arp_ignore': String(before.arpIgnore) }),
    },
    modules: { loaded: before.ipip ? ['ipip'] : [] },
    answers: NAMES.flatMap((each) => [`${addressOf(each)}:80`, `${addressOf(each)}:443`]),
  })
  if (before.ipip && before.up && !director) run(kernel, 'ip link set dev tunl0 up')
  if (before.ipip && before.foreignVip) run(kernel, 'ip address add 10.9.9.9/32 dev tunl0')
  if (before.secondTunnel && before.ipip)
    kernel.state.devices.push({
      index: 90,
      name: 'calico1',
      kind: 'ipip',
      linkType: 'ipip',
      hardware: '172.25.254.9',
      mtu: 1480,
      up: true,
      addresses: [],
    })
  if (director) for (const line of FOREIGN) run(kernel, line)
  return kernel
}

type Befores = Record<Name, Before>

const beforesArbitrary: fc.Arbitrary<Befores> = fc.record({
  director: beforeArbitrary,
  director2: beforeArbitrary,
  server2: beforeArbitrary,
  server3: beforeArbitrary,
  server4: beforeArbitrary,
})

/** Boots afresh for each case: a property must not see what an earlier case did. */
const boot = (befores: Befores): Hosts =>
  Object.fromEntries(NAMES.map((name) => [name, bootHost(name, befores[name])]))

const weight = fc.constantFrom(0, 1, 1, 3)
const optionsArbitrary: fc.Arbitrary<ClusterOptions> = fc.record({
  arpScope: fc.constantFrom('all', 'interface'),
  rpFilter: fc.constantFrom('loose-on-tunnel', 'loose-on-tunnel', 'off-everywhere'),
  directorTunnel: fc.constantFrom('as-found', 'as-found', 'up'),
  directorDevice: fc.constantFrom('tunl0', 'tunl0', 'lo'),
})

function clusterArbitrary(id: string, director: Name, vip: string): fc.Arbitrary<DesiredCluster> {
  const servers: Name[] = ['server2', 'server3', 'server4']
  const service = (port: number) =>
    fc
      .record({
        scheduler: fc.constantFrom('rr', 'wrr', 'wlc'),
        persistent: fc.boolean(),
        members: fc.uniqueArray(fc.record({ name: fc.constantFrom(...servers), weight }), {
          selector: ({ name }) => name,
        }),
      })
      .map(({ scheduler, persistent, members }) => ({
        id: `${id}-${port}`,
        key: { kind: 'address', protocol: 'tcp', vip, port } as const,
        config: {
          scheduler,
          flags: [],
          onePacket: false,
          ...(persistent ? { persistence: { timeoutSeconds: 300 } } : {}),
        },
        vips: [],
        realServers: members.map((member) => ({
          id: `${id}-${port}-${member.name}`,
          name: member.name,
          hostId: member.name,
          key: { rip: addressOf(member.name), port },
          config: { forwarding: IPIP, weight: member.weight, upperThreshold: 0, lowerThreshold: 0 },
        })),
      }))
  const services = fc.oneof(
    fc.tuple(service(80)),
    fc.tuple(service(80), service(443)),
    fc.constant([]),
  )
  return fc.record({ services, options: optionsArbitrary }).map(({ services: made, options }) => ({
    id,
    name: id,
    directors: [{ hostId: director, name: director, dip: addressOf(director) }],
    services: made,
    options,
  }))
}

const www = clusterArbitrary('www', 'director', '172.25.254.100')
const dns = clusterArbitrary('dns', 'director2', '172.25.254.101')

const states = (hosts: Hosts): HostState[] =>
  Object.entries(hosts).map(([id, kernel]) => ({
    host: { id, name: id, address: '127.0.0.1' },
    running: read(kernel),
  }))

const worldOf = (
  clusterId: string,
  clusters: readonly DesiredCluster[],
  hosts: Hosts,
  ledger: readonly LedgerRow[],
): World => ({ clusterId, clusters, hosts: states(hosts), ledger })

const kernelOf = (hosts: Hosts, id: string): FakeKernel => {
  const kernel = hosts[id]
  if (kernel === undefined) throw new Error(`no host ${id}`)
  return kernel
}

function carryOut(hosts: Hosts, { hostId, argv, mayFail, id }: Step): void {
  if (argv.length === 0) return
  const { exit, stderr } = kernelOf(hosts, hostId).exec(argv)
  if (exit !== 0 && !mayFail) throw new Error(`${id}: ${argv.join(' ')}: ${stderr}`)
}

/** Plans and applies as ops does: intent into the ledger, steps, read again, settle. */
function apply(
  clusterId: string,
  clusters: readonly DesiredCluster[],
  hosts: Hosts,
  ledger: readonly LedgerRow[],
  each: (step: Step, plan: Plan) => void = () => undefined,
): LedgerRow[] {
  const plan = planCluster(worldOf(clusterId, clusters, hosts, ledger))
  expect(plan.refusals.filter(({ override }) => override === undefined)).toEqual([])
  const name = ({ hostId, item }: LedgerRow) => `${hostId} ${JSON.stringify(item)}`
  const rows = new Map(ledger.map((row) => [name(row), row]))
  for (const row of intendLedger(plan, ledger, 'a1')) rows.set(name(row), row)
  for (const step of plan.steps) {
    carryOut(hosts, step)
    each(step, plan)
  }
  const { saved, dropped } = settleLedger(plan, [...rows.values()], states(hosts))
  for (const row of saved) rows.set(name(row), row)
  for (const row of dropped) rows.delete(`${row.hostId} ${JSON.stringify(row.item)}`)
  return [...rows.values()]
}

/** What must not change whatever we do; modules of IPVS stay loaded, idle. */
const withoutIpvsModules = (kernel: FakeKernel): unknown => {
  const snapshot = structuredClone(kernel.snapshot()) as {
    modules: { loaded: string[] }
    devices: { name: string; up: boolean; addresses: unknown[] }[]
    ipvs: unknown
  }
  // a tunnel that holds somebody else's address is never taken down, even where we brought it up
  const tunnel = snapshot.devices.find(({ name }) => name === TUNNEL)
  if (tunnel !== undefined && tunnel.addresses.length > 0) tunnel.up = true
  const idle = /^(ip_vs|nf_conntrack|nf_defrag|libcrc32c)/
  snapshot.modules.loaded = snapshot.modules.loaded.filter((name) => !idle.test(name))
  const { ipvs } = snapshot
  const empty = typeof ipvs === 'object' && JSON.stringify(ipvs).includes('"services":[]')
  return { ...snapshot, ipvs: empty ? 'absent' : ipvs }
}

const everything = (hosts: Hosts) =>
  Object.fromEntries(Object.entries(hosts).map(([id, kernel]) => [id, withoutIpvsModules(kernel)]))

const RUNS = { numRuns: 40 }

// generated worlds take seconds, on a machine that is busy with a lab many of them
describe('the laws of the planner', { timeout: 180_000 }, () => {
  test('1: a plan after an apply is empty, and stays empty', () => {
    fc.assert(
      fc.property(beforesArbitrary, www, dns, (befores, a, b) => {
        const hosts = boot(befores)
        let ledger = apply('www', [a, b], hosts, [])
        ledger = apply('dns', [a, b], hosts, ledger)
        for (const id of ['www', 'dns']) {
          const plan = planCluster(worldOf(id, [a, b], hosts, ledger))
          expect(plan.steps.map(({ id: step }) => step)).toEqual([])
          expect(isEmpty(plan) && isComplete(plan)).toBe(true)
        }
        expect(ledger.every(({ state }) => state === 'ours')).toBe(true)
      }),
      RUNS,
    )
  })

  test('2 and 6: the rest of running stays as it is, what is foreign is left alone and reported', () => {
    fc.assert(
      fc.property(beforesArbitrary, www, www, (befores, first, second) => {
        const hosts = boot(befores)
        const rules = (kernel: FakeKernel) => kernel.exec(['ipvsadm', '-Sn']).stdout.split('\n')
        const foreign = (kernel: FakeKernel) =>
          rules(kernel).filter((line) => line.includes('.200:443') || line.includes('-f 7'))
        const before = foreign(kernelOf(hosts, 'director'))
        let ledger = apply('www', [first], hosts, [])
        if (first.services.length > 0)
          run(kernelOf(hosts, 'director'), 'ipvsadm -a -t 172.25.254.100:80 -r 10.7.7.7:80 -g -w 9')
        // a service that holds a foreign entry may change, not go
        const kept = second.services.length < first.services.length ? first : second
        ledger = apply('www', [kept], hosts, ledger)
        expect(foreign(kernelOf(hosts, 'director'))).toEqual(before)
        const [reported] = foreignOn(worldOf('www', [kept], hosts, ledger)).filter(
          ({ hostId }) => hostId === 'director',
        )
        expect(reported?.services).toHaveLength(2)
        if (first.services.length > 0) expect(reported?.entries).toHaveLength(1)
      }),
      RUNS,
    )
  })

  test('3: the order of the input does not change the plan', () => {
    fc.assert(
      fc.property(
        beforesArbitrary,
        www,
        dns,
        fc.infiniteStream(fc.nat(1)),
        (befores, a, b, coins) => {
          const hosts = boot(befores)
          const ledger = apply('dns', [a, b], hosts, [])
          const shuffle = <T>(list: readonly T[]): T[] => {
            const made: T[] = []
            for (const each of list)
              made.splice(coins.next().value === 0 ? 0 : made.length, 0, each)
            return made
          }
          const world = worldOf('www', [a, b], hosts, ledger)
          const mixed = {
            ...world,
            clusters: shuffle(world.clusters).map((each) => ({
              ...each,
              services: shuffle(each.services).map((service) => ({
                ...service,
                realServers: shuffle(service.realServers),
              })),
            })),
            hosts: shuffle(world.hosts),
            ledger: shuffle(world.ledger),
          }
          expect(planCluster(mixed)).toEqual(planCluster(world))
        },
      ),
      RUNS,
    )
  })

  test('4 and 5: after any prefix the ordering law holds, no live service is ever empty, nothing clears the table', () => {
    fc.assert(
      fc.property(beforesArbitrary, www, www, (befores, first, second) => {
        const hosts = boot(befores)
        const live = () =>
          new Set(
            read(kernelOf(hosts, 'director')).ipvs.state === 'present'
              ? servicesOf(hosts)
                  .filter(({ weights }) => weights > 0)
                  .map(({ key }) => key)
              : [],
          )
        const desired = (cluster: DesiredCluster) =>
          new Set(
            cluster.services
              .filter(({ realServers }) => realServers.some(({ config }) => config.weight > 0))
              .map(({ key }) => JSON.stringify(key)),
          )
        const check = (cluster: DesiredCluster, before: Set<string>) => (step: Step) => {
          expect(step.argv).not.toContain('-C')
          expect(step.argv.join(' ')).not.toMatch(/restore|--clear/)
          expectReady(hosts, cluster)
          const now = live()
          for (const key of before) if (desired(cluster).has(key)) expect(now).toContain(key)
        }
        const ledger = apply('www', [first], hosts, [], check(first, new Set()))
        apply('www', [second], hosts, ledger, check(second, live()))
      }),
      RUNS,
    )
  })

  test('7: undoing any prefix gives running back', () => {
    fc.assert(
      fc.property(beforesArbitrary, www, www, fc.nat(), (befores, first, second, cut) => {
        const hosts = boot(befores)
        const ledger = apply('www', [first], hosts, [])
        const before = everything(hosts)
        const { steps } = planCluster(worldOf('www', [second], hosts, ledger))
        const done = steps.slice(0, cut % (steps.length + 1))
        for (const step of done) carryOut(hosts, step)
        for (const step of [...done].reverse())
          if (step.undo !== undefined) carryOut(hosts, { ...step, argv: step.undo })
        expect(everything(hosts)).toEqual(before)
      }),
      RUNS,
    )
  })

  test('8: with desired emptied, the plan ends in what was there before we came', () => {
    fc.assert(
      fc.property(beforesArbitrary, www, dns, www, (befores, a, b, again) => {
        const hosts = boot(befores)
        const before = everything(hosts)
        let ledger = apply('www', [a, b], hosts, [])
        ledger = apply('dns', [a, b], hosts, ledger)
        ledger = apply('www', [again, b], hosts, ledger)
        const empty = (cluster: DesiredCluster) => ({ ...cluster, services: [] })
        ledger = apply('www', [empty(a), b], hosts, ledger)
        // what they shared stays while the other one needs it; it may then prepare itself in its own way
        expectReady(hosts, b)
        ledger = apply('dns', [empty(a), b], hosts, ledger, () => expectReady(hosts, b))
        ledger = apply('dns', [empty(a), empty(b)], hosts, ledger)
        expect(everything(hosts)).toEqual(before)
        expect(ledger).toEqual([])
      }),
      RUNS,
    )
  })
})

function servicesOf(hosts: Hosts) {
  const { ipvs } = read(kernelOf(hosts, 'director'))
  if (ipvs.state !== 'present') return []
  return ipvs.services.map(({ key, realServers }) => ({
    key: JSON.stringify(key),
    weights: realServers.reduce((sum, { config }) => sum + config.weight, 0),
  }))
}

/** Every entry of ours in the director's table leads to a real server that is ready for it. */
function expectReady(hosts: Hosts, cluster: DesiredCluster): void {
  const director = read(kernelOf(hosts, cluster.directors[0]?.hostId ?? ''))
  for (const service of cluster.services)
    for (const { hostId, key } of service.realServers) {
      const entry = { kind: 'entry', service: service.key, realServer: key } as const
      if (hostId === undefined || itemValue(director, entry) === undefined) continue
      const server = read(kernelOf(hosts, hostId))
      expect(findDevice(server, TUNNEL)?.up).toBe(true)
      const vip = service.key.kind === 'address' ? service.key.vip : ''
      expect(itemValue(server, { kind: 'address', address: vip, device: TUNNEL })).toBe('/32')
      expect(effective(server, TUNNEL, 'rp_filter')).not.toBe(1)
      expect(effective(server, 'eth0', 'arp_ignore')).toBeGreaterThanOrEqual(1)
      expect(effective(server, 'eth0', 'arp_announce')).toBe(2)
    }
}

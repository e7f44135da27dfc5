import { DEFAULT_OPTIONS, type DesiredCluster, type DesiredService } from './cluster'
import { itemValue } from './item-value'
import type { Item, LedgerRow } from './ledger'
import type { World } from './plan-world'
import type { HostState, Running, RunningService } from './running'
import type { RealServerConfig, ServiceKey } from './service'
import { bare, RR, WEIGHT_1 } from './tutorial-world'
import { wantsOf } from './wants'

// The size of the largest LVS-TUN table that somebody published, as a world for the planner: seeded, so that a figure
// or a test that fails can be had again. Most services have a few entries, a handful has hundreds.

export const LARGE = { services: 2284, entries: 37_298, managed: 40, differences: 20 } as const
const CLUSTER = 'large'
const DIRECTOR = 'director'
const RIPS = 1200
/** One service in fifty is a big one. */
const BIG_EVERY = 50

/** Mulberry32: small, seeded, good enough to spread things. Gives whole numbers below `most`. */
export function dice(seed: number): (most: number) => number {
  let state = seed >>> 0
  return (most) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % most
  }
}

/** How many entries each service has: 2 to 20, the big ones what is left to the whole. */
function sizesOf(roll: (most: number) => number, services: number, entries: number): number[] {
  const sizes = Array.from({ length: services }, () => 2 + roll(15) + roll(5))
  const big = Math.max(1, Math.floor(services / BIG_EVERY))
  const rest = entries - sizes.slice(big).reduce((sum, size) => sum + size, 0)
  return sizes.map((size, at) => {
    if (at >= big) return size
    return Math.floor(rest / big) + (at < rest % big ? 1 : 0)
  })
}

const ripOf = (index: number): string => `10.7.${index >> 8}.${index & 255}`
const hostOf = (index: number): string => `server-${index}`

const weightOf = (roll: (most: number) => number): RealServerConfig => ({
  ...WEIGHT_1,
  weight: 1 + roll(10),
})

function serviceOf(at: number, size: number, roll: (most: number) => number): DesiredService {
  const vip = `10.9.${(at >> 2) >> 8}.${(at >> 2) & 255}` // four services of each VIP
  const key: ServiceKey = { kind: 'address', protocol: 'tcp', vip, port: 8000 + (at & 3) }
  const start = roll(RIPS)
  const realServers = Array.from({ length: size }, (_, place) => {
    const index = (start + place) % RIPS
    return {
      id: `${at}-${place}`,
      name: hostOf(index),
      ...(index < LARGE.managed && { hostId: hostOf(index) }),
      key: { rip: ripOf(index), port: 8000 + (at & 3) },
      config: weightOf(roll),
    }
  })
  return { id: `service-${at}`, key, config: RR, vips: [], realServers }
}

const runningOf = ({ key, config, realServers }: DesiredService, roll: (most: number) => number) =>
  ({
    ...{ key, config },
    realServers: realServers.map((each) => ({
      ...{ key: each.key, config: each.config },
      ...{ active: roll(40), inactive: roll(100) },
    })),
  }) satisfies RunningService

/** Makes of one table another that differs in twenty entries: weights, entries that are gone, entries too many. */
function differing(services: readonly RunningService[]): RunningService[] {
  return services.map((service, at) => {
    const [first, ...rest] = service.realServers
    if (first === undefined || at >= LARGE.differences) return service
    if (at % 3 === 0) return { ...service, realServers: rest }
    const config = { ...first.config, weight: first.config.weight + 1 }
    const changed = at % 3 === 1 ? { ...first, config } : first
    const extra = { ...first, key: { ...first.key, port: 9 }, active: 0 }
    return { ...service, realServers: [changed, ...rest, ...(at % 3 === 2 ? [extra] : [])] }
  })
}

const rowOf = (hostId: string, item: Item, written: string): LedgerRow => ({
  ...{ hostId, item, written },
  ...{ state: 'ours', origin: 'applied', clusters: [CLUSTER], since: 'a1' },
})

/** Every item of a host as if we had put it there: what is wanted, and what is in the table. */
function ledgerOf(cluster: DesiredCluster, hostId: string, running: Running): LedgerRow[] {
  const wanted = wantsOf(cluster, hostId, running).map(({ item, value }) => ({ item, value }))
  const table = running.ipvs.state === 'present' ? running.ipvs.services : []
  const extra = table.flatMap(({ key: service, realServers }) =>
    realServers
      .filter(({ key }) => key.port === 9)
      .map(({ key: realServer }): Item => ({ kind: 'entry', service, realServer })),
  )
  return [
    ...wanted.map(({ item, value }) => rowOf(hostId, item, value)),
    ...extra.map((item) => rowOf(hostId, item, itemValue(running, item) ?? '')),
  ]
}

function readyHost(cluster: DesiredCluster, name: string, rip: string, at: number): HostState {
  const bareHost = bare(at + 2)
  const [lo, eth] = bareHost.devices
  if (lo === undefined || eth === undefined) throw new Error('a bare host has two devices')
  const vips = [
    ...new Set(
      cluster.services
        .filter(({ realServers }) => name === DIRECTOR || realServers.some((r) => r.name === name))
        .map(({ key }) => (key.kind === 'address' ? key.vip : '')),
    ),
  ]
  const addresses = vips.map((address) => ({ address, prefixLength: 32 }))
  const tunnel = { name: 'tunl0', kind: 'ipip', up: true, loopback: false, addresses }
  const lan = { ...eth, addresses: [{ address: rip, prefixLength: 16 }] }
  const quiet =
    name === DIRECTOR
      ? {}
      : { 'net.ipv4.conf.all.arp_ignore': '1', 'net.ipv4.conf.all.arp_announce': '2' }
  return {
    host: { id: name, name, address: '127.0.0.1' },
    running: {
      ...bareHost,
      modules: ['ipip', 'ip_vs'],
      devices: [lo, lan, tunnel],
      sysctls: { ...bareHost.sysctls, 'net.ipv4.conf.tunl0.rp_filter': '2', ...quiet },
    },
  }
}

function clusterOf(roll: (most: number) => number, services: number, entries: number) {
  return {
    ...{ id: CLUSTER, name: CLUSTER, options: DEFAULT_OPTIONS },
    directors: [{ hostId: DIRECTOR, name: DIRECTOR, dip: '10.7.200.1' }],
    services: sizesOf(roll, services, entries).map((size, at) => serviceOf(at, size, roll)),
  } satisfies DesiredCluster
}

/** Makes the world: all is wanted and running but twenty entries, on a director and forty managed real servers. */
export function largeWorld(
  seed: number,
  { services, entries }: { services: number; entries: number } = LARGE,
): World {
  const roll = dice(seed)
  const cluster = clusterOf(roll, services, entries)
  const table = differing(cluster.services.map((each) => runningOf(each, roll)))
  const names = [DIRECTOR, ...Array.from({ length: LARGE.managed }, (_, index) => hostOf(index))]
  const hosts = names.map((name, at): HostState => {
    const rip = name === DIRECTOR ? '10.7.200.1' : ripOf(at - 1)
    const state = readyHost(cluster, name, rip, at)
    if (name !== DIRECTOR || state.running === undefined) return state
    const ipvs = { state: 'present', services: table, unreadable: [] } as const
    return { host: state.host, running: { ...state.running, ipvs } }
  })
  const ledger = hosts.flatMap(({ host, running }) =>
    running === undefined ? [] : ledgerOf(cluster, host.id, running),
  )
  return { clusterId: CLUSTER, clusters: [cluster], hosts, ledger }
}

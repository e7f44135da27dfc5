import type {
  Counters,
  FakeDestination,
  FakeEntry,
  FakeIpvs,
  FakeService,
  KernelState,
} from './state'

/** A request of seven packets, as a small HTTP one in the captures. */
const HEALTHY = { packets: 7, bytes: 443 }
/** A real server that does not answer: only its SYN is seen. */
const DEAD = { packets: 1, bytes: 60 }

function isUsable(destination: FakeDestination): boolean {
  const { weight, upper, active, inactive } = destination
  return weight > 0 && (upper === 0 || active + inactive < upper)
}

function roundRobin(service: FakeService): FakeDestination | undefined {
  const { destinations, walk } = service
  for (let step = 1; step <= destinations.length; step++) {
    const at = (walk.last + step + destinations.length) % destinations.length
    const candidate = destinations[at]
    if (candidate !== undefined && isUsable(candidate)) {
      walk.last = at
      return candidate
    }
  }
  return undefined
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b)
}

/** ip_vs_wrr.c: walk the list again and again with a current weight that falls by the common divisor. */
function weightedRoundRobin(service: FakeService): FakeDestination | undefined {
  const { destinations, walk } = service
  const usable = destinations.filter(isUsable)
  if (usable.length === 0) return undefined
  const step = usable.map(({ weight }) => weight).reduce(divisor)
  const most = Math.max(...usable.map(({ weight }) => weight))
  for (;;) {
    walk.last = (walk.last + 1) % destinations.length
    if (walk.last === 0) {
      walk.weight -= step
      if (walk.weight <= 0) walk.weight = most
    }
    const candidate = destinations[walk.last]
    if (candidate !== undefined && isUsable(candidate) && candidate.weight >= walk.weight) {
      return candidate
    }
  }
}

function least(
  service: FakeService,
  cost: (destination: FakeDestination) => number,
): FakeDestination | undefined {
  let best: FakeDestination | undefined
  for (const candidate of service.destinations.filter(isUsable)) {
    if (best === undefined || cost(candidate) < cost(best)) best = candidate
  }
  return best
}

function hashed(service: FakeService, client: string): FakeDestination | undefined {
  const slots = service.destinations.flatMap((each) =>
    Array<FakeDestination>(each.weight).fill(each),
  )
  let hash = 0
  for (const letter of client) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0
  const chosen = slots[hash % Math.max(1, slots.length)]
  return chosen !== undefined && isUsable(chosen) ? chosen : undefined
}

function pick(service: FakeService, client: string): FakeDestination | undefined {
  const load = ({ active, inactive }: FakeDestination) => 256 * active + active + inactive
  switch (service.scheduler) {
    case 'rr':
      return roundRobin(service)
    case 'wrr':
      return weightedRoundRobin(service)
    case 'lc':
      return least(service, load)
    case 'sed':
    case 'nq':
      return least(service, ({ active, weight }) => (active + 1) / weight)
    case 'fo':
    case 'ovf':
      return least(service, ({ weight }) => -weight)
    case 'sh':
    case 'mh':
    case 'dh':
      return hashed(service, service.scheduler === 'dh' ? service.address : client)
    default:
      return least(service, (each) => load(each) / each.weight)
  }
}

function count(counters: Counters, traffic: { packets: number; bytes: number }): void {
  counters.connections += 1
  counters.packets += traffic.packets
  counters.bytes += traffic.bytes
}

/** A connection through the director: which real server got it, and how it ends. */
export type FakeConnection = {
  realServer: string
  /** Active becomes inactive (FIN_WAIT); the entry lingers until `expire`. */
  close(): void
  /** The entry is gone. */
  expire(): void
}

/** Writes the connection down; who does not answer never gets past SYN_RECV. */
function enter(
  ipvs: FakeIpvs,
  service: FakeService,
  chosen: FakeDestination,
  client: string,
  alive: boolean,
): FakeEntry {
  const entry: FakeEntry = {
    protocol: service.protocol,
    client,
    clientPort: 40_000 + (ipvs.totals.connections % 20_000),
    address: service.address,
    port: service.port,
    destination: chosen.address,
    destinationPort: chosen.port,
    state: alive ? 'ESTABLISHED' : 'SYN_RECV',
  }
  ipvs.connections.push(entry)
  return entry
}

/** Schedules one new connection as the kernel would and lets the counters grow; nobody to take it = undefined. */
export function schedule(
  state: KernelState,
  ipvs: FakeIpvs,
  service: FakeService,
  client: string,
): FakeConnection | undefined {
  const name = (each: FakeDestination) => `${each.address}:${each.port}`
  const template = service.timeout === undefined ? undefined : service.templates[client]
  const known = service.destinations.find((each) => name(each) === template)
  const chosen = known ?? pick(service, client)
  if (chosen === undefined) return undefined
  if (service.timeout !== undefined && known === undefined) {
    service.templates[client] = name(chosen)
    chosen.persistent += 1
  }
  const alive = state.answers.includes(name(chosen))
  for (const counters of [ipvs.totals, service.counters, chosen.counters]) {
    count(counters, alive ? HEALTHY : DEAD)
  }
  const entry = enter(ipvs, service, chosen, client, alive)
  chosen.active += 1
  let left: 'active' | 'inactive' | undefined = 'active'
  const leave = (next: 'inactive' | undefined) => {
    if (left !== undefined) chosen[left] -= 1
    left = next
    if (left !== undefined) chosen[left] += 1
  }
  return {
    realServer: name(chosen),
    close() {
      if (left === 'active') leave('inactive')
      entry.state = 'FIN_WAIT'
    },
    expire() {
      leave(undefined)
      ipvs.connections = ipvs.connections.filter((each) => each !== entry)
    },
  }
}

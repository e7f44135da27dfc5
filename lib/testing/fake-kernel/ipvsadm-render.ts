import { endpoint, words32 } from './address'
import type { Counters, FakeDestination, FakeIpvs, FakeService } from './state'

const FLAG_NAMES: Record<string, Record<number, string>> = {
  sh: { 1: 'sh-fallback', 2: 'sh-port' },
  mh: { 1: 'mh-fallback', 2: 'mh-port' },
}
const PROTOCOL_ORDER = { tcp: 6, udp: 17, sctp: 132 }

function flagNames(service: FakeService): string {
  const names = FLAG_NAMES[service.scheduler]
  const name = (bit: number) => (names === undefined ? `flag-${bit}` : (names[bit] ?? ''))
  return service.flags
    .map(name)
    .filter((each) => each !== '')
    .join(',')
}

/** Compares as libipvs does: word by word, by a signed difference that wraps. */
function compareAddresses(a: string, b: string): number {
  const [left, right] = [words32(a), words32(b)]
  for (const [at, word] of left.entries()) {
    const difference = (word - (right[at] ?? 0)) | 0
    if (difference !== 0) return difference
  }
  return 0
}

/** `ipvs_cmp_services`: by fwmark (the difference wraps), family, protocol, address, port. */
function compareServices(a: FakeService, b: FakeService): number {
  return (
    (a.fwmark - b.fwmark) | 0 ||
    a.family - b.family ||
    PROTOCOL_ORDER[a.protocol] - PROTOCOL_ORDER[b.protocol] ||
    compareAddresses(a.address, b.address) ||
    a.port - b.port
  )
}

/** `ipvs_cmp_dests`: families are mixed. */
const compareDestinations = (a: FakeDestination, b: FakeDestination): number =>
  compareAddresses(a.address, b.address) || a.port - b.port

/**
 * qsort(3) of glibc, a merge sort from the halves up. The comparison is not transitive (172.25.254.2 < 200.0.0.1 < 10.0.0.1
 * < 127.0.0.1 < 172.25.254.2), so that the way of sorting decides the order.
 */
function mergeSort<T>(all: readonly T[], compareTwo: (a: T, b: T) => number): T[] {
  if (all.length < 2) return [...all]
  const half = Math.floor(all.length / 2)
  const left = mergeSort(all.slice(0, half), compareTwo)
  const right = mergeSort(all.slice(half), compareTwo)
  const merged: T[] = []
  for (;;) {
    const [one, other] = [left[0], right[0]]
    if (one === undefined || other === undefined) return [...merged, ...left, ...right]
    const first = compareTwo(one, other) <= 0 ? left : right
    merged.push(...first.splice(0, 1))
  }
}

export function sortedServices(ipvs: FakeIpvs): FakeService[] {
  return mergeSort(ipvs.services, compareServices)
}

export function sortedDestinations(service: FakeService): FakeDestination[] {
  return mergeSort(service.destinations, compareDestinations)
}

function ruleName(service: FakeService): string {
  if (service.fwmark !== 0) return `-f ${service.fwmark | 0}${service.family === 6 ? ' -6' : ''}`
  const option = { tcp: '-t', udp: '-u', sctp: '--sctp-service' }[service.protocol]
  return `${option} ${endpoint(service.address, service.port)}`
}

function hasMask(service: FakeService): boolean {
  return service.mask !== '255.255.255.255' && service.mask !== '128'
}

// -A -t 172.25.254.102:0 -s wlc -p 600 -M 255.255.255.0
function serviceRule(service: FakeService): string {
  const words = [`-A ${ruleName(service)} -s ${service.scheduler}`]
  if (service.timeout !== undefined) {
    words.push(`-p ${service.timeout}`, ...(hasMask(service) ? [`-M ${service.mask}`] : []))
  }
  if (service.engine !== '') words.push(`--pe ${service.engine}`)
  if (service.onePacket) words.push('-o')
  const flags = flagNames(service)
  if (flags !== '') words.push(`-b ${flags}`)
  return `${words.join(' ')}\n`
}

// -a -t 172.25.254.104:81 -r 172.25.254.2:81 -i -w 1 --tun-type gue --tun-port 6080 --tun-nocsum
function destinationRule(service: FakeService, destination: FakeDestination): string {
  const { forward, tunnel, weight } = destination
  const method = { Tunnel: '-i', Route: '-g', Masq: '-m' }[forward]
  const words = [
    `-a ${ruleName(service)} -r ${endpoint(destination.address, destination.port)} ${method} -w ${weight}`,
  ]
  if (forward === 'Tunnel') {
    words.push(`--tun-type ${tunnel.type}`)
    if (tunnel.port !== 0) words.push(`--tun-port ${tunnel.port}`)
    if (tunnel.checksum !== '') words.push(`--${tunnel.checksum}`)
  }
  return `${words.join(' ')}\n`
}

/** ipvsadm -S -n: never thresholds, timeouts or daemons. */
export function rules(ipvs: FakeIpvs): string {
  return sortedServices(ipvs)
    .map(
      (service) =>
        serviceRule(service) +
        sortedDestinations(service)
          .map((destination) => destinationRule(service, destination))
          .join(''),
    )
    .join('')
}

type Options = ReadonlyMap<string, string>

function largeNumber(value: number, exact: boolean): string {
  if (exact) return String(value).padStart(String(value).length <= 8 ? 9 : String(value).length + 1)
  if (value < 1e8) return String(value).padStart(9)
  if (value < 1e9) return `${Math.floor(value / 1e3)}K`.padStart(9)
  if (value < 1e11) return `${Math.floor(value / 1e6)}M`.padStart(9)
  if (value < 1e14) return `${Math.floor(value / 1e9)}G`.padStart(9)
  return `${Math.floor(value / 1e12)}T`.padStart(9)
}

/** A server never answers through the director: OutPkts and OutBytes are 0 in TUN mode. */
function statistics(counters: Counters, options: Options): string {
  const exact = options.has('X')
  const values = options.has('stats')
    ? [counters.connections, counters.packets, 0, counters.bytes, 0]
    : [0, 0, 0, 0, 0]
  return values.map((value) => largeNumber(value, exact)).join('')
}

function title(options: Options): string {
  const left = 'Prot LocalAddress:Port'.padEnd(33)
  const row = (names: string[]) => names.map((name) => ` ${name.padStart(8)}`).join('')
  const remote = '  -> RemoteAddress:Port\n'
  if (options.has('stats')) {
    return `${left}${row(['Conns', 'InPkts', 'OutPkts', 'InBytes', 'OutBytes'])}\n${remote}`
  }
  if (options.has('rate')) {
    return `${left}${row(['CPS', 'InPPS', 'OutPPS', 'InBPS', 'OutBPS'])}\n${remote}`
  }
  if (options.has('thresholds')) {
    return `${left} Uthreshold Lthreshold ActiveConn InActConn \n${remote}`
  }
  if (options.has('persistent-conn')) {
    return `${left} Weight    PersistConn ActiveConn InActConn \n${remote}`
  }
  return `Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n`
}

function serviceName(service: FakeService): string {
  if (service.fwmark !== 0)
    return `FWM  ${service.fwmark | 0}${service.family === 6 ? ' IPv6' : ''}`
  return `${service.protocol.toUpperCase().padEnd(5)}${endpoint(service.address, service.port)}`
}

function serviceLine(service: FakeService, options: Options): string {
  const name = serviceName(service)
  if (options.has('stats') || options.has('rate')) {
    return `${name.padEnd(33)}${statistics(service.counters, options)}\n`
  }
  const flags = flagNames(service)
  const words = [`${name} ${service.scheduler}`]
  if (flags !== '') words.push(`(${flags})`)
  if (service.timeout !== undefined) {
    words.push(
      `persistent ${service.timeout}`,
      ...(hasMask(service) ? [`mask ${service.mask}`] : []),
      ...(service.engine === '' ? [] : [`pe ${service.engine}`]),
    )
  }
  if (service.onePacket) words.push('ops')
  return `${words.join(' ')}\n`
}

function column(value: number | string, width: number): string {
  return `${String(value).padEnd(width)} `
}

function destinationLine(destination: FakeDestination, options: Options): string {
  const name = `  -> ${endpoint(destination.address, destination.port).padEnd(28)}`
  const { active, inactive, upper, lower, weight, persistent, forward } = destination
  const counts = `${column(active, 10)}${String(inactive).padEnd(10)}\n`
  if (options.has('stats') || options.has('rate')) {
    return `${name}${statistics(destination.counters, options)}\n`
  }
  if (options.has('thresholds')) return `${name} ${column(upper, 10)}${column(lower, 10)}${counts}`
  if (options.has('persistent-conn')) {
    return `${name} ${column(weight, 9)}${column(persistent, 11)}${counts}`
  }
  return `${name} ${column(forward, 7)}${column(weight, 6)}${counts}`
}

function entries(services: FakeService[], options: Options): string {
  const raw = options.has('nosort')
  return services
    .map(
      (service) =>
        serviceLine(service, options) +
        (raw ? service.destinations : sortedDestinations(service))
          .map((destination) => destinationLine(destination, options))
          .join(''),
    )
    .join('')
}

/** ipvsadm -L -n [--stats|--rate|--thresholds|--persistent-conn] [--exact] */
export function listing(ipvs: FakeIpvs, options: Options): string {
  const services = options.has('nosort') ? ipvs.services : sortedServices(ipvs)
  const version = 'IP Virtual Server version 1.2.1 (size=4096)\n'
  return `${version}${title(options)}${entries(services, options)}`
}

/** ipvsadm -L -n SERVICE: no version line. */
export function serviceListing(service: FakeService, options: Options): string {
  return title(options) + entries([service], options)
}

// master sync daemon (mcast=eth0, syncid=7, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)
export function listDaemons(ipvs: FakeIpvs): string {
  const rest = 'maxlen=1472, group=224.0.0.81, port=8848, ttl=1'
  const of = (state: string) => ipvs.daemons.filter((daemon) => daemon.state === state)
  return [...of('master'), ...of('backup')]
    .map(
      ({ state, device, syncid }) =>
        `${state} sync daemon (mcast=${device}, syncid=${syncid}, ${rest})\n`,
    )
    .join('')
}

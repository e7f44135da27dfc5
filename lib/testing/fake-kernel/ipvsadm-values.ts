import { isIPv4 } from 'node:net'
import { numberIn, parseHost, Refused, type Request } from './ipvsadm-parse'
import type { FakeDestination, FakeService, FakeServiceKey, Tunnel } from './state'

const INT_MAX = 2147483647
const NAMED_FLAGS: Record<string, { scheduler: string; bit: number }> = {
  'sh-fallback': { scheduler: 'sh', bit: 1 },
  'sh-port': { scheduler: 'sh', bit: 2 },
  'mh-fallback': { scheduler: 'mh', bit: 1 },
  'mh-port': { scheduler: 'mh', bit: 2 },
}

function flagsOf(text: string, scheduler: string): number[] {
  const bits = text.split(',').map((name) => {
    const raw = /^flag-([123])$/.exec(name)
    if (raw !== null) return Number(raw[1])
    const flag = NAMED_FLAGS[name]
    if (flag === undefined || flag.scheduler !== scheduler) {
      throw new Refused(2, 'incompatible scheduler flag')
    }
    return flag.bit
  })
  return [...new Set(bits)].sort()
}

function maskOf(options: Map<string, string>, family: 4 | 6): string {
  const text = options.get('M')
  if (text === undefined) return family === 4 ? '255.255.255.255' : '128'
  if (family === 6) {
    if (numberIn(text, 1, 128) === undefined) {
      throw new Refused(2, 'illegal ipv6 netmask specified')
    }
    return text
  }
  if (!isIPv4(text)) throw new Refused(2, 'illegal virtual server persistent mask specified')
  return text
}

function secondsOf(text: string, min: number): number {
  // -p without a value: IPVS_SVC_PERSISTENT_TIMEOUT is 6 minutes, whatever the man page says
  if (text === '') return 360
  const seconds = numberIn(text, min, 2678400)
  if (seconds === undefined) throw new Refused(2, `invalid timeout value \`${text}' specified`)
  return seconds
}

/** Builds the whole configuration that -A or -E asks for; what is not given gets its default. */
export function serviceOf(
  { options }: Request,
  key: FakeServiceKey,
): Omit<FakeService, 'counters' | 'destinations' | 'walk' | 'templates'> {
  const persistent = options.get('p')
  const timeout = persistent === undefined ? undefined : secondsOf(persistent, 1)
  const mask = maskOf(options, key.family)
  const scheduler = options.get('s') ?? 'wlc'
  const onePacket = options.has('o')
  if (key.fwmark === 0 && key.port === 0 && timeout === undefined) {
    throw new Refused(2, 'Zero port specified for non-persistent service')
  }
  if (onePacket && key.fwmark === 0 && key.protocol !== 'udp') {
    throw new Refused(2, 'One-Packet Scheduling is only for UDP virtual services')
  }
  const text = options.get('b')
  const flags = text === undefined ? [] : flagsOf(text, scheduler)
  const engine = options.get('pe') ?? ''
  return {
    ...key,
    scheduler,
    flags,
    mask,
    onePacket,
    engine,
    ...(timeout === undefined ? {} : { timeout }),
  }
}

function tunnelPort(options: Map<string, string>, type: string, sums: readonly string[]): number {
  const portText = options.get('tun-port')
  const port = portText === undefined ? 0 : numberIn(portText, 1, 65535)
  if (port === undefined) throw new Refused(2, 'illegal tunnel port specified')
  if (type === 'gue' && port === 0) {
    throw new Refused(2, "You need to supply the 'tun-port' option for the 'gue' tunnel type")
  }
  if ((type === 'ipip' && (port !== 0 || sums.length > 0)) || (type === 'gre' && port !== 0)) {
    throw new Refused(2, `Illegal 'tun-port' option with the '${type}' tunnel type`)
  }
  return port
}

function tunnelOf(options: Map<string, string>, forward: string): Tunnel {
  const sums = ['tun-nocsum', 'tun-csum', 'tun-remcsum'].filter((name) => options.has(name))
  const given = options.has('tun-type') || options.has('tun-port') || sums.length > 0
  if (given && forward !== 'Tunnel') {
    throw new Refused(2, 'Tunnel options conflict with forward method')
  }
  const type = options.get('tun-type') ?? 'ipip'
  if (type !== 'ipip' && type !== 'gue' && type !== 'gre') {
    throw new Refused(2, 'illegal tunnel type specified')
  }
  const port = tunnelPort(options, type, sums)
  const checksum = type === 'ipip' ? '' : (sums[0] ?? 'tun-nocsum')
  return { type, port, checksum }
}

function limitOf(options: Map<string, string>, name: 'w' | 'x' | 'y', unset: number): number {
  const label = { w: 'weight', x: 'u_threshold', y: 'l_threshold' }[name]
  const text = options.get(name)
  if (text === undefined) return unset
  // Debian's build takes weights up to INT_MAX
  const value = numberIn(text, 0, INT_MAX)
  if (value === undefined) throw new Refused(2, `illegal ${label} specified`)
  return value
}

/** Builds the whole configuration that -a or -e asks for; what is not given gets its default. */
export function destinationOf(
  { options }: Request,
  service: FakeServiceKey,
): Omit<FakeDestination, 'active' | 'inactive' | 'persistent' | 'counters'> {
  const host = parseHost(options.get('r') ?? '')
  if (host === undefined) throw new Refused(2, 'illegal real server address[:port] specified')
  const forward = options.has('i') ? 'Tunnel' : options.has('m') ? 'Masq' : 'Route'
  const weight = limitOf(options, 'w', 1)
  const upper = limitOf(options, 'x', 0)
  const lower = limitOf(options, 'y', 0)
  const tunnel = tunnelOf(options, forward)
  if (host.family !== service.family && forward !== 'Tunnel') {
    throw new Refused(2, 'Different address family is allowed only for tunneling servers')
  }
  // -i and -g cannot translate ports: the port given is silently replaced by the service's
  const fixed = service.fwmark === 0 && forward !== 'Masq'
  const port = fixed ? service.port : (host.port ?? service.port)
  return { family: host.family, address: host.address, port, forward, tunnel, weight, upper, lower }
}

/** Reads the three values of --set. */
export function timeoutsOf({ rest }: Request): [number, number, number] {
  const [tcp, fin, udp, more] = rest
  if (tcp === undefined || fin === undefined || udp === undefined) {
    throw new Refused(2, '--set option requires 3 timeout values')
  }
  if (more !== undefined) throw new Refused(2, `unexpected argument ${more}`)
  return [secondsOf(tcp, 0), secondsOf(fin, 0), secondsOf(udp, 0)]
}

import { serviceKeyOf } from './ipvsadm-key'
import { numberIn, parseHost, Refused, type Request } from './ipvsadm-words'
import type { FakeDestination, FakeService, FakeServiceKey, Tunnel } from './state'

const INT_MAX = 2147483647
const NAMED_FLAGS: Record<string, { scheduler: string; bit: number }> = {
  'sh-fallback': { scheduler: 'sh', bit: 1 },
  'sh-port': { scheduler: 'sh', bit: 2 },
  'mh-fallback': { scheduler: 'mh', bit: 1 },
  'mh-port': { scheduler: 'mh', bit: 2 },
}

function flagBit(name: string, scheduler: string): number {
  const raw = /^flag-([123])$/.exec(name)
  if (raw !== null) return Number(raw[1])
  const flag = NAMED_FLAGS[name]
  if (flag === undefined) throw new Refused(2, `invalid scheduler flag \`${name}'`)
  if (flag.scheduler !== scheduler) throw new Refused(2, `incompatible scheduler flag \`${name}'`)
  return flag.bit
}

function flagsOf(text: string, scheduler: string): number[] {
  return [...new Set(text.split(',').map((name) => flagBit(name, scheduler)))].sort()
}

/** inet_aton(3): one to four numbers, the last of which fills what is left of 32 bits. */
function quad(text: string): string | undefined {
  const parts = text.split('.').map(Number)
  const last = parts.pop() ?? 0
  const room = 256 ** (4 - parts.length)
  const isNumber = /^\d+(\.\d+){0,3}$/.test(text)
  if (!isNumber || last >= room || parts.some((part) => part > 255)) return undefined
  const value = parts.reduce((sum, part, at) => sum + part * 256 ** (3 - at), last)
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.')
}

function maskOf(options: Map<string, string>, family: 4 | 6): string {
  const text = options.get('M')
  if (text === undefined) return family === 4 ? '255.255.255.255' : '128'
  if (family === 6) {
    // atoi(3): what follows the digits is not looked at
    const length = Number(/^\d+/.exec(text)?.[0] ?? 0)
    if (length < 1 || length > 128) throw new Refused(2, 'illegal ipv6 netmask specified')
    return String(length)
  }
  const mask = quad(text)
  if (mask === undefined) throw new Refused(2, 'illegal virtual server persistent mask specified')
  return mask
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
  const flags = text === undefined ? [] : flagsOf(text, options.get('s') ?? '')
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

function tunnelPort(text: string | undefined): number {
  const port = text === undefined ? 0 : numberIn(text, 1, 65535)
  if (port === undefined) throw new Refused(2, 'illegal tunnel port specified')
  return port
}

const isTunnelType = (text: string): text is Tunnel['type'] =>
  text === 'ipip' || text === 'gue' || text === 'gre'

function tunnelType(text = 'ipip'): Tunnel['type'] {
  if (!isTunnelType(text)) throw new Refused(2, 'illegal tunnel type specified')
  return text
}

const CHECKSUMS = ['tun-nocsum', 'tun-csum', 'tun-remcsum']
const TUNNEL_OPTIONS = ['tun-port', ...CHECKSUMS]
const MAY: Record<Tunnel['type'], readonly string[]> = {
  ipip: [],
  gue: TUNNEL_OPTIONS,
  gre: ['tun-nocsum', 'tun-csum'],
}

/** Does what `tunnel_opt_check` does, in the order of its table. */
function checkTunnel(options: Map<string, string>, type: Tunnel['type']): void {
  if (type === 'gue' && !options.has('tun-port'))
    throw new Refused(2, `You need to supply the 'tun-port' option for the 'gue' tunnel type`)
  let sum: string | undefined
  for (const name of TUNNEL_OPTIONS.filter((each) => options.has(each))) {
    if (!MAY[type].includes(name))
      throw new Refused(2, `Illegal '${name}' option with the '${type}' tunnel type`)
    if (sum !== undefined) {
      const both = `The option '${name}' conflicts with the '${sum}' option`
      throw new Refused(2, `${both} in the '${type}' tunnel type`)
    }
    if (name !== 'tun-port') sum = name
  }
}

function tunnelOf(options: Map<string, string>, forward: string): Tunnel {
  const given = ['tun-type', ...TUNNEL_OPTIONS].some((name) => options.has(name))
  if (given && forward !== 'Tunnel') {
    throw new Refused(2, 'Tunnel options conflict with forward method')
  }
  const type = tunnelType(options.get('tun-type'))
  checkTunnel(options, type)
  const sum = CHECKSUMS.find((name) => options.has(name)) ?? 'tun-nocsum'
  return { type, port: tunnelPort(options.get('tun-port')), checksum: type === 'ipip' ? '' : sum }
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

export function serverOf(text: string): NonNullable<ReturnType<typeof parseHost>> {
  const host = parseHost(text)
  if (host === undefined) throw new Refused(2, 'illegal real server address[:port] specified')
  return host
}

/** Builds the whole configuration that -a or -e asks for; what is not given gets its default. */
export function destinationOf(
  { options }: Request,
  service: FakeServiceKey,
): Omit<FakeDestination, 'active' | 'inactive' | 'persistent' | 'counters'> {
  const host = serverOf(options.get('r') ?? '')
  const forward = options.has('i') ? 'Tunnel' : options.has('m') ? 'Masq' : 'Route'
  const weight = limitOf(options, 'w', 1)
  const upper = limitOf(options, 'x', 0)
  const lower = limitOf(options, 'y', 0)
  if (host.family !== service.family && forward !== 'Tunnel') {
    throw new Refused(2, 'Different address family is allowed only for tunneling servers')
  }
  const tunnel = tunnelOf(options, forward)
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

type Check = (request: Request, text: string) => unknown

const CHECKS: Record<string, Check> = {
  ...Object.fromEntries(['t', 'u', 'f', '6', 'sctp-service'].map((name) => [name, serviceKeyOf])),
  p: (_, text) => secondsOf(text, 1),
  M: (request) => maskOf(request.options, serviceKeyOf(request)?.family ?? 4),
  r: (_, text) => serverOf(text),
  w: ({ options }) => limitOf(options, 'w', 1),
  x: ({ options }) => limitOf(options, 'x', 0),
  y: ({ options }) => limitOf(options, 'y', 0),
  'tun-type': (_, text) => tunnelType(text),
  'tun-port': (_, text) => tunnelPort(text),
}

/** Reads an option's value as soon as it is met, as `parse_options` does: the first wrong one is what is said. */
export function checkValue(request: Request, name: string): void {
  CHECKS[name]?.(request, request.options.get(name) ?? '')
}

/** Reads the flags of the scheduler when all options are known, wherever `-s` stands. */
export function checkFlags({ options }: Request): void {
  const flags = options.get('b')
  if (flags !== undefined) flagsOf(flags, options.get('s') ?? '')
}

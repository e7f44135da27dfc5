import { parseAddress } from './address'
import { parseEndpoint, parseListedMark, parseMark } from './parse-endpoint'
import { parseForwarding } from './parse-forwarding'
import { linesOf, parseCount, wordsOf } from './parse-lines'
import { type OptionName, type Options, parseOptions, scanOptions } from './parse-options'
import {
  formatRealServerKey,
  formatServiceKey,
  type Persistence,
  PROTOCOLS,
  type RealServerConfig,
  type RealServerKey,
  type ServiceConfig,
  type ServiceKey,
} from './service'

export type RuleEntry = { key: RealServerKey; config: RealServerConfig }
export type RuleService = { key: ServiceKey; config: ServiceConfig; entries: RuleEntry[] }

/** What a rules text says. `unreadable` holds, verbatim, each line that we do not understand. */
export type Rules = { services: RuleService[]; unreadable: string[] }

/** ipvsadm and the kernel keep weights and thresholds in a signed 32-bit number (LVS-TUN 1.2). */
const INT_MOST = 2147483647
/** ipvsadm's own default of `-p`, not the 300 s of its man page (IPVS_SVC_PERSISTENT_TIMEOUT). */
const PERSISTENCE_DEFAULT = 360
/** Names of schedulers and persistence engines fit 16 bytes with their end (ip_vs.h). */
const NAME = /^[A-Za-z0-9_.-]{1,15}$/

const hasOnly = (options: Options, allowed: readonly OptionName[]) =>
  [...options.keys()].every((name) => allowed.includes(name))

const SERVICE_KEY = [...PROTOCOLS, 'fwmark', 'ipv6'] as const
const SERVICE_CONFIG = [
  'scheduler',
  'persistent',
  'netmask',
  'engine',
  'flags',
  'onePacket',
] as const
const ENTRY = ['server', 'weight', 'upper', 'lower'] as const
const FORWARDING = ['gateway', 'tunnel', 'masquerade', 'tunnelType', 'tunnelPort'] as const
const CHECKSUM = ['nocsum', 'csum', 'remcsum'] as const
const SERVICE_LINE = [...SERVICE_KEY, ...SERVICE_CONFIG]
const ENTRY_LINE = [...SERVICE_KEY, ...ENTRY, ...FORWARDING, ...CHECKSUM]
const NUMBERS = ['weight', 'upper', 'lower', 'persistent'] as const

type ReadMark = typeof parseMark

function parseServiceKey(options: Options, readMark: ReadMark): ServiceKey | undefined {
  const kinds = [...PROTOCOLS, 'fwmark' as const].filter((name) => options.has(name))
  const [kind] = kinds
  if (kind === undefined || kinds.length > 1) return undefined
  const value = options.get(kind) ?? ''
  if (kind === 'fwmark') {
    const mark = readMark(value)
    const family = options.has('ipv6') ? 6 : 4
    return mark === undefined ? undefined : { kind, mark, family }
  }
  const endpoint = options.has('ipv6') ? undefined : parseEndpoint(value)
  if (endpoint === undefined) return undefined
  return { kind: 'address', protocol: kind, vip: endpoint.address, port: endpoint.port ?? 0 }
}

/** Reads `-M`: a dotted mask, or a prefix length of IPv6; that of one address alone is no mask. */
function parseMask(text: string): { mask?: string } | undefined {
  if (/^\d+$/.test(text)) {
    const length = parseCount(text, 128)
    if (length === undefined || length === 0) return undefined
    return length === 128 ? {} : { mask: String(length) }
  }
  const mask = parseAddress(text)
  if (mask === undefined || mask.includes(':')) return undefined
  return mask === '255.255.255.255' ? {} : { mask }
}

function parsePersistence(options: Options): { persistence?: Persistence } | undefined {
  const [text, maskText] = [options.get('persistent'), options.get('netmask')]
  if (text === undefined) return maskText === undefined ? {} : undefined
  const timeoutSeconds = text === '' ? PERSISTENCE_DEFAULT : parseCount(text, INT_MOST)
  const mask = maskText === undefined ? {} : parseMask(maskText)
  if (timeoutSeconds === undefined || timeoutSeconds === 0 || mask === undefined) return undefined
  return { persistence: { timeoutSeconds, ...mask } }
}

function parseServiceConfig(options: Options): ServiceConfig | undefined {
  const scheduler = options.get('scheduler') ?? 'wlc'
  const engine = options.get('engine')
  const flags = options.get('flags')?.split(',') ?? []
  const persistence = parsePersistence(options)
  const names = [scheduler, ...(engine === undefined ? [] : [engine])]
  if (persistence === undefined || !names.every((name) => NAME.test(name))) return undefined
  if (!flags.every((flag) => /^[a-z0-9-]+$/.test(flag))) return undefined
  return {
    scheduler,
    flags: [...flags].sort(),
    ...persistence,
    onePacket: options.has('onePacket'),
    ...(engine === undefined ? {} : { persistenceEngine: engine }),
  }
}

function parseEntry(options: Options, service: ServiceKey): RuleEntry | undefined {
  const count = (name: OptionName, unset: number) =>
    options.has(name) ? parseCount(options.get(name), INT_MOST) : unset
  const endpoint = parseEndpoint(options.get('server') ?? '')
  const forwarding = parseForwarding(options)
  const [weight, upper, lower] = [count('weight', 1), count('upper', 0), count('lower', 0)]
  if (endpoint === undefined || forwarding === undefined) return undefined
  if (weight === undefined || upper === undefined || lower === undefined) return undefined
  const port = endpoint.port ?? (service.kind === 'address' ? service.port : 0)
  return {
    key: { rip: endpoint.address, port },
    config: { forwarding, weight, upperThreshold: upper, lowerThreshold: lower },
  }
}

/** One line of rules that we understand; what a line adds, not whether the kernel would take it. */
export type RuleLine =
  | { kind: 'service'; key: ServiceKey; config: ServiceConfig }
  | { kind: 'entry'; service: ServiceKey; key: RealServerKey; config: RealServerConfig }

function parseServiceLine(options: Options, readMark: ReadMark): RuleLine | undefined {
  if (!hasOnly(options, SERVICE_LINE)) return undefined
  const [key, config] = [parseServiceKey(options, readMark), parseServiceConfig(options)]
  return key === undefined || config === undefined ? undefined : { kind: 'service', key, config }
}

function parseEntryLine(options: Options, readMark: ReadMark): RuleLine | undefined {
  if (!hasOnly(options, ENTRY_LINE)) return undefined
  const service = parseServiceKey(options, readMark)
  const entry = service && parseEntry(options, service)
  return entry === undefined || service === undefined
    ? undefined
    : { kind: 'entry', service, ...entry }
}

function parseLine(line: string, readMark: ReadMark): RuleLine | undefined {
  const all = wordsOf(line)
  const [command, ...words] = all[0] === 'ipvsadm' ? all.slice(1) : all
  const options = parseOptions(words)
  if (options === undefined) return undefined
  if (command === '-A' || command === '--add-service') return parseServiceLine(options, readMark)
  if (command === '-a' || command === '--add-server') return parseEntryLine(options, readMark)
  return undefined
}

// -a -t 172.25.254.100:80 -r 172.25.254.2:80 -i -w 1 --tun-type ipip
/** Reads one line of a saved file that adds a service or an entry; `undefined` for any other line, a comment too. */
export const parseRuleLine = (line: string): RuleLine | undefined => parseLine(line, parseMark)

// -A -t 10.0.0.9:25 -s wlc # mail
/**
 * Tells whether `ipvsadm -R` ends at a line that adds something: a word too many, an option twice or of another command, no
 * service, a number that is none (ipvsadm.c, fail(2)). A name that does not resolve would end it too, and is not seen here.
 */
export function endsRestore(line: string): boolean {
  const all = wordsOf(line)
  const [command = '', ...words] = all[0] === 'ipvsadm' ? all.slice(1) : all
  const isService = ['-A', '--add-service'].includes(command)
  if (!isService && !['-a', '--add-server'].includes(command)) return false
  const options = scanOptions(words)
  if (typeof options === 'string') return options === 'wrong'
  const kinds = [...PROTOCOLS, 'fwmark' as const].filter((name) => options.has(name))
  const isNumber = (name: OptionName) => /^\d*$/.test(options.get(name) ?? '')
  return (
    !hasOnly(options, isService ? SERVICE_LINE : ENTRY_LINE) ||
    kinds.length !== 1 ||
    !(isService || options.has('server')) ||
    (options.has('fwmark') && parseMark(options.get('fwmark')) === undefined) ||
    !NUMBERS.every(isNumber)
  )
}

/** The services so far, each with the names of its entries. */
type Found = Map<string, { service: RuleService; names: Set<string> }>

/** Adds what a line says; a second one of the same name, or an entry without its service, is not understood. */
function addLine(line: RuleLine, found: Found): boolean {
  if (line.kind === 'service') {
    const name = formatServiceKey(line.key)
    if (found.has(name)) return false
    const service = { key: line.key, config: line.config, entries: [] }
    found.set(name, { service, names: new Set() })
    return true
  }
  const own = found.get(formatServiceKey(line.service))
  const name = formatRealServerKey(line.key)
  if (own === undefined || own.names.has(name)) return false
  own.names.add(name)
  own.service.entries.push({ key: line.key, config: line.config })
  return true
}

// -A -t 172.25.254.100:80 -s rr
// -a -t 172.25.254.100:80 -r 172.25.254.2:80 -i -w 1 --tun-type ipip
/**
 * Reads rules as `ipvsadm -Sn` prints them (ipvsadm(8), 1.31), with ipvsadm's defaults where an option is missing. Never throws: what it does not know is in `unreadable`.
 */
export function parseRules(text: string): Rules {
  const found: Found = new Map()
  const unreadable: string[] = []
  for (const line of linesOf(text)) {
    const parsed = parseLine(line, parseListedMark)
    if (parsed === undefined || !addLine(parsed, found)) unreadable.push(line)
  }
  return { services: [...found.values()].map(({ service }) => service), unreadable }
}

/** How ipvsadm(8) calls an option, short and long, and whether a value follows it. */
type Option = { name: OptionName; value: 'needed' | 'optional' | 'none' }

export type OptionName =
  | 'tcp'
  | 'udp'
  | 'sctp'
  | 'fwmark'
  | 'ipv6'
  | 'scheduler'
  | 'persistent'
  | 'netmask'
  | 'engine'
  | 'flags'
  | 'onePacket'
  | 'server'
  | 'gateway'
  | 'tunnel'
  | 'masquerade'
  | 'weight'
  | 'upper'
  | 'lower'
  | 'tunnelType'
  | 'tunnelPort'
  | 'nocsum'
  | 'csum'
  | 'remcsum'

const needed = (name: OptionName): Option => ({ name, value: 'needed' })
const none = (name: OptionName): Option => ({ name, value: 'none' })

/** Every option that may stand on an `-A` or `-a` line (ipvsadm 1.31, parse_options). */
const OPTIONS: ReadonlyMap<string, Option> = new Map([
  ['-t', needed('tcp')],
  ['--tcp-service', needed('tcp')],
  ['-u', needed('udp')],
  ['--udp-service', needed('udp')],
  ['--sctp-service', needed('sctp')],
  ['-f', needed('fwmark')],
  ['--fwmark-service', needed('fwmark')],
  ['-6', none('ipv6')],
  ['--ipv6', none('ipv6')],
  ['-s', needed('scheduler')],
  ['--scheduler', needed('scheduler')],
  ['-p', { name: 'persistent', value: 'optional' }],
  ['--persistent', { name: 'persistent', value: 'optional' }],
  ['-M', needed('netmask')],
  ['--netmask', needed('netmask')],
  ['--pe', needed('engine')],
  ['-b', needed('flags')],
  ['--sched-flags', needed('flags')],
  ['-o', none('onePacket')],
  ['--ops', none('onePacket')],
  ['-r', needed('server')],
  ['--real-server', needed('server')],
  ['-g', none('gateway')],
  ['--gatewaying', none('gateway')],
  ['-i', none('tunnel')],
  ['--ipip', none('tunnel')],
  ['-m', none('masquerade')],
  ['--masquerading', none('masquerade')],
  ['-w', needed('weight')],
  ['--weight', needed('weight')],
  ['-x', needed('upper')],
  ['--u-threshold', needed('upper')],
  ['-y', needed('lower')],
  ['--l-threshold', needed('lower')],
  ['--tun-type', needed('tunnelType')],
  ['--tun-port', needed('tunnelPort')],
  ['--tun-nocsum', none('nocsum')],
  ['--tun-csum', none('csum')],
  ['--tun-remcsum', none('remcsum')],
])

export type Options = ReadonlyMap<OptionName, string>

/** `unknown`: ipvsadm -R skips the line. `wrong`: it ends there, and what follows is lost (LVS-TUN facts, 1.5). */
export type Scan = Options | 'unknown' | 'wrong'

// -t 10.0.0.200:80 -s wrr -p 600 -M 255.255.255.0
/** Reads the options of one line as ipvsadm does, or says what becomes of a line with others. */
export function scanOptions(words: readonly string[]): Scan {
  const options = new Map<OptionName, string>()
  const rest = [...words]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const option = OPTIONS.get(word)
    if (option === undefined) return word.startsWith('-') ? 'unknown' : 'wrong'
    const value = takeValue(option, rest)
    if (options.has(option.name)) return 'wrong'
    if (value === undefined) return 'unknown'
    options.set(option.name, value)
  }
  return options
}

/** Reads the options of one line; `undefined` when one is unknown, given twice, or lacks its value. */
export function parseOptions(words: readonly string[]): Options | undefined {
  const options = scanOptions(words)
  return typeof options === 'string' ? undefined : options
}

/** Takes the next word, unless it is an option itself; `undefined` where there must be a value, and is none. */
function takeValue({ value }: Option, rest: string[]): string | undefined {
  const [next] = rest
  if (value !== 'none' && next !== undefined && !OPTIONS.has(next)) return rest.shift()
  return value === 'needed' ? undefined : ''
}

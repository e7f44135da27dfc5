/** The grammar of ipvsadm(8) 1.31: which options there are, and which command takes which. */
export const COMMANDS: Record<string, string> = {
  A: 'add-service',
  E: 'edit-service',
  D: 'delete-service',
  a: 'add-server',
  e: 'edit-server',
  d: 'delete-server',
  C: 'flush',
  L: 'list',
  l: 'list',
  S: 'save',
  R: 'restore',
  Z: 'zero',
  set: 'set',
  'start-daemon': 'start-daemon',
  'stop-daemon': 'stop-daemon',
  h: 'help',
  v: 'version',
}

/** Every option by its one name; long names that have a short one are translated first. */
export const LONG_NAMES: Record<string, string> = {
  'add-service': 'A',
  'edit-service': 'E',
  'delete-service': 'D',
  'add-server': 'a',
  'edit-server': 'e',
  'delete-server': 'd',
  clear: 'C',
  list: 'L',
  save: 'S',
  restore: 'R',
  zero: 'Z',
  help: 'h',
  version: 'v',
  'tcp-service': 't',
  'udp-service': 'u',
  'fwmark-service': 'f',
  scheduler: 's',
  persistent: 'p',
  netmask: 'M',
  'real-server': 'r',
  masquerading: 'm',
  ipip: 'i',
  gatewaying: 'g',
  weight: 'w',
  'u-threshold': 'x',
  'l-threshold': 'y',
  numeric: 'n',
  connection: 'c',
  exact: 'X',
  ipv6: '6',
  ops: 'o',
  'sched-flags': 'b',
}

/** Options that take a value; `p` takes one when the next word is not an option. */
export const WITH_VALUE = new Set([
  ...'tufsMrwxyb',
  'sctp-service',
  'pe',
  'tun-type',
  'tun-port',
  'syncid',
  'sync-maxlen',
  'mcast-interface',
  'mcast-group',
  'mcast-port',
  'mcast-ttl',
  'start-daemon',
  'stop-daemon',
])

const FLAGS = 'timeout daemon stats rate thresholds persistent-conn tun-info nosort sort'.split(' ')
const CHECKSUMS = ['tun-nocsum', 'tun-csum', 'tun-remcsum']

export const KNOWN = new Set([
  ...Object.keys(COMMANDS),
  ...Object.values(LONG_NAMES),
  ...WITH_VALUE,
  ...FLAGS,
  ...CHECKSUMS,
  'p',
])

/** The name under which the messages speak of an option (`optnames` of ipvsadm.c), in its order of checking. */
export const OPTION_NAMES: readonly (readonly [string, readonly string[]])[] = [
  ['numeric', ['n']],
  ['connection', ['c']],
  ['service-address', ['t', 'u', 'f', 'sctp-service']],
  ['scheduler', ['s']],
  ['persistent', ['p']],
  ['netmask', ['M']],
  ['real-server', ['r']],
  ['forwarding-method', ['g', 'i', 'm']],
  ['weight', ['w']],
  ['u-threshold', ['x']],
  ['l-threshold', ['y']],
  ['mcast-interface', ['mcast-interface']],
  ['timeout', ['timeout']],
  ['daemon', ['daemon']],
  ['stats', ['stats']],
  ['rate', ['rate']],
  ['thresholds', ['thresholds']],
  ['persistent-conn', ['persistent-conn']],
  ['nosort', ['nosort']],
  ['syncid', ['syncid']],
  ['exact', ['X']],
  ['ops', ['o']],
  ['pe', ['pe']],
  ['sched-flags', ['b']],
  ['tun-info', ['tun-info']],
  ['tun-type', ['tun-type']],
  ['tun-port', ['tun-port']],
  ['tun-nocsum', ['tun-nocsum']],
  ['tun-csum', ['tun-csum']],
  ['tun-remcsum', ['tun-remcsum']],
]

const SERVICE = 'scheduler persistent netmask ops pe sched-flags'.split(' ')
const SERVER =
  'forwarding-method weight u-threshold l-threshold tun-type tun-port tun-nocsum tun-csum tun-remcsum'.split(
    ' ',
  )
const LIST =
  'numeric connection service-address timeout daemon stats rate thresholds persistent-conn nosort exact tun-info'.split(
    ' ',
  )

/** Which options a command needs and may have. */
export const RULES: Record<string, { needs: readonly string[]; may: readonly string[] }> = {
  'add-service': { needs: ['service-address'], may: SERVICE },
  'edit-service': { needs: ['service-address'], may: SERVICE },
  'delete-service': { needs: ['service-address'], may: [] },
  'add-server': { needs: ['service-address', 'real-server'], may: SERVER },
  'edit-server': { needs: ['service-address', 'real-server'], may: SERVER },
  'delete-server': { needs: ['service-address', 'real-server'], may: [] },
  flush: { needs: [], may: [] },
  list: { needs: [], may: LIST },
  save: { needs: [], may: ['numeric'] },
  restore: { needs: [], may: [] },
  zero: { needs: [], may: ['service-address'] },
  set: { needs: [], may: [] },
  'start-daemon': { needs: [], may: ['mcast-interface', 'syncid'] },
  'stop-daemon': { needs: [], may: [] },
}

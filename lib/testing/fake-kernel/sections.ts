import { exists, readFile } from './proc'
import { execute } from './programs'
import type { KernelState } from './state'

const TOOLS = 'ipvsadm ip modprobe sysctl arping bash timeout flock udevadm'.split(' ')
const READ = ['rp_filter', 'arp_ignore', 'arp_announce']
const EFFECT: Record<string, string> = { ip_vs: '/proc/net/ip_vs', ipip: '/sys/class/net/tunl0' }

function modules(state: KernelState): string {
  const missing = Object.entries(EFFECT).filter(
    ([name, effect]) =>
      !exists(state, `/sys/module/${name}`) &&
      !exists(state, effect) &&
      !state.modules.available.includes(name),
  )
  return `${readFile(state, '/proc/modules')}${missing.map(([name]) => `missing ${name}\n`).join('')}`
}

// /proc/sys/net/ipv4/conf/all/rp_filter:0
function sysctls(state: KernelState): string {
  return READ.flatMap((key) =>
    Object.entries(state.sysctls)
      .filter(([path]) => path.startsWith('net/ipv4/conf/') && path.endsWith(`/${key}`))
      .map(([path, value]) => `/proc/sys/${path}:${value}\n`),
  ).join('')
}

// keepalived 812
function owners(state: KernelState): string {
  const lines = state.processes.flatMap(({ pid, comm, cmdline }) => {
    const names = ['keepalived', 'ldirectord', 'kube-proxy']
    const name = names.find(
      (each) => comm === each || (comm === 'perl' && cmdline.join(' ').includes(each)),
    )
    return name === undefined ? [] : [`${name} ${pid}\n`]
  })
  const kube = exists(state, '/sys/class/net/kube-ipvs0') ? ['kube-proxy kube-ipvs0\n'] : []
  return [...lines, ...kube].join('')
}

/** Prints what the lean read prints on this host, section by section; changes nothing. */
export function leanSections(state: KernelState, root: boolean): Record<string, string> {
  const context = { state, root, stdin: '' }
  const sudo = root ? [] : ['sudo', '-n']
  const privilege = root
    ? 'root'
    : execute(context, ['sudo', '-n', 'true']).exit === 0
      ? 'sudo'
      : 'none'
  const table = readFile(state, '/proc/net/ip_vs')
  const asked = table !== undefined && state.tools.includes('ipvsadm')
  const saved = !asked ? undefined : execute(context, [...sudo, 'ipvsadm', '-Sn'])
  const readable = saved?.exit === 0
  return {
    boot: readFile(state, '/proc/sys/kernel/random/boot_id') ?? '',
    modules: modules(state),
    addresses: execute(context, ['ip', '-j', '-d', 'addr', 'show']).stdout,
    sysctls: sysctls(state),
    table: table ?? 'absent\n',
    rules: readable ? saved.stdout : '',
    thresholds: readable
      ? execute(context, [...sudo, 'ipvsadm', '-Ln', '--thresholds']).stdout
      : '',
    denied: saved === undefined || readable ? '' : saved.stderr,
    owners: owners(state),
    tools: state.tools
      .filter((tool) => TOOLS.includes(tool))
      .map((tool) => `${tool}\n`)
      .join(''),
    privilege: `${privilege}\n`,
  }
}

import { exists, readFile } from './proc'
import { execute } from './programs'
import type { KernelState } from './state'
import { undoNames } from './undo'

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
  const devices = ['all', 'default', ...state.devices.map(({ name }) => name)].sort()
  let text = ''
  for (const key of READ) {
    for (const device of devices) {
      const path = `net/ipv4/conf/${device}/${key}`
      const value = state.sysctls[path]
      if (value !== undefined) text += `/proc/sys/${path}:${value}\n`
    }
  }
  return text
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

type Asked = { state: KernelState; root: boolean; sudo: readonly string[] }

function privilege({ state, root, sudo }: Asked): string {
  if (root) return 'root\n'
  const granted =
    sudo.length > 0 && execute({ state, root, stdin: '' }, [...sudo, 'true']).exit === 0
  return granted ? 'sudo\n' : 'none\n'
}

/** What ipvsadm tells; not asked while ip_vs is absent, or it would load it. */
function ipvs({ state, root, sudo }: Asked): Record<'rules' | 'thresholds' | 'denied', string> {
  const ask = (...options: string[]) =>
    execute({ state, root, stdin: '' }, [...sudo, 'ipvsadm', ...options])
  if (!exists(state, '/proc/net/ip_vs') || !state.tools.includes('ipvsadm')) {
    return { rules: '', thresholds: '', denied: '' }
  }
  const saved = ask('-Sn')
  if (saved.exit !== 0) return { rules: '', thresholds: '', denied: saved.stderr }
  return { rules: saved.stdout, thresholds: ask('-Ln', '--thresholds').stdout, denied: '' }
}

/** Prints what the lean read prints on this host, section by section; changes nothing. */
export function leanSections(
  state: KernelState,
  root: boolean,
  mayUseSudo: boolean,
): Record<string, string> {
  const asked = { state, root, sudo: root || !mayUseSudo ? [] : ['sudo', '-n'] }
  const tools = state.tools.filter((tool) => TOOLS.includes(tool))
  return {
    boot: readFile(state, '/proc/sys/kernel/random/boot_id') ?? '',
    modules: modules(state),
    addresses: execute({ state, root, stdin: '' }, ['ip', '-j', '-d', 'addr', 'show']).stdout,
    sysctls: sysctls(state),
    table: readFile(state, '/proc/net/ip_vs') ?? 'absent\n',
    ...ipvs(asked),
    owners: owners(state),
    tools: tools.map((tool) => `${tool}\n`).join(''),
    privilege: privilege(asked),
    undo: undoNames(state),
  }
}

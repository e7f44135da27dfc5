import type { FakeKernel } from '../fake-kernel'

const OS_RELEASE = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
ID=debian
`
const TOOLS =
  'ipvsadm ip ss sysctl modprobe modinfo nft iptables firewall-cmd ufw systemctl rc-service nmcli networkctl keepalived ldirectord arping tcpdump'.split(
    ' ',
  )
const LISTS: [string, string[]][] = [
  ['ipvs_rules', ['-S', '-n']],
  ['ipvs_list', ['-L', '-n']],
  ['ipvs_stats', ['-L', '-n', '--stats', '--exact']],
  ['ipvs_rate', ['-L', '-n', '--rate', '--exact']],
  ['ipvs_thr', ['-L', '-n', '--thresholds']],
  ['ipvs_pers', ['-L', '-n', '--persistent-conn']],
  ['ipvs_tmo', ['-L', '--timeout']],
  ['ipvs_sync', ['-L', '--daemon']],
]

type Part = { name: string; text: string; exit: number }

function identity({ state }: FakeKernel, user: string, root: boolean): string {
  const id = root ? 'uid=0(root) gid=0(root) groups=0(root)' : `uid=1000(${user}) gid=1000(${user})`
  return `${id}\nLinux ${state.release} x86_64\n${state.hostName}\n${Math.floor(Date.now() / 1000)}\n1234.56 1230.00\n${state.bootId}\ninit\n`
}

function sudo({ state }: FakeKernel, user: string, root: boolean): Part {
  if (root) return { name: 'sudo', text: 'root\n', exit: 0 }
  if (state.sudo === 'absent') return { name: 'sudo', text: 'nosudo\n', exit: 0 }
  if (state.sudo === 'password') {
    return { name: 'sudo', text: 'sudo: a password is required\n', exit: 0 }
  }
  const text = `User ${user} may run the following commands on ${state.hostName}:\n    (ALL) NOPASSWD: ALL\n`
  return { name: 'sudo', text, exit: 0 }
}

function tools({ state }: FakeKernel): string {
  const has = (name: string) => state.tools.includes(name) || name === 'ss'
  const lines = TOOLS.map((name) => `${name}=${has(name) ? `/usr/sbin/${name}` : ''}\n`)
  const packages = state.tools.includes('ipvsadm') ? 'ipvsadm 1:1.31-1+b1 ii \n' : ''
  return `${lines.join('')}ip utility, iproute2-6.1.0, libbpf 1.1.2\n${packages}`
}

function modules({ state }: FakeKernel): string {
  const { loaded, available, builtin } = state.modules
  const onDisk = available.filter((name) => /^(ip_vs|ipip$|fou$)/.test(name))
  return [
    ...loaded.map((name) => `loaded ${name}\n`),
    ...onDisk.map((name) => `avail ${name}\n`),
    ...builtin.map((name) => `builtin ${name}\n`),
  ].join('')
}

function owners({ state }: FakeKernel): string {
  const rows = state.processes.map(
    ({ pid, comm, cmdline }) => `${pid} ${comm} ${cmdline.join(' ')}\n`,
  )
  const kube = state.devices.some((device) => device.name === 'kube-ipvs0') ? ['kube-ipvs0\n'] : []
  return [...rows, ...kube].join('')
}

function ipvsParts(kernel: FakeKernel, root: boolean): Part[] {
  const table = kernel.read('/proc/net/ip_vs')
  if (table === undefined) return [{ name: 'ipvs_proc', text: 'absent\n', exit: 0 }]
  const found: Part[] = [{ name: 'ipvs_proc', text: table, exit: 0 }]
  if (!kernel.state.tools.includes('ipvsadm')) return found
  for (const [name, options] of LISTS) {
    const argv = ['timeout', '8', ...(root ? [] : ['sudo', '-n']), 'ipvsadm', ...options]
    const { stdout, stderr, exit } = kernel.exec(argv, '', root ? 'root' : 'user')
    found.push({ name, text: stdout + stderr, exit })
  }
  return found
}

/** Prints what the whole probe (lvs-probe.sh) prints on this host, framed by the caller's nonce. */
export function probeOutput(
  kernel: FakeKernel,
  nonce: string,
  user: string,
  root: boolean,
): string {
  const simple = (name: string, text = ''): Part => ({ name, text, exit: 0 })
  const json = (object: string) => kernel.exec(['ip', '-j', '-d', object, 'show']).stdout
  const sysctls = Object.entries(kernel.state.sysctls).map(
    ([path, value]) => `/proc/sys/${path}=${value} \n`,
  )
  const parts = [
    simple('id', identity(kernel, user, root)),
    simple('os', OS_RELEASE),
    sudo(kernel, user, root),
    simple('tools', tools(kernel)),
    simple('mods', modules(kernel)),
    simple('link', json('link')),
    simple('addr', json('addr')),
    simple('route', '[]\n'),
    simple('rule'),
    simple('tunnel'),
    simple('sysctl', sysctls.join('')),
    simple('netstat'),
    ...ipvsParts(kernel, root),
    simple('ipvs_tot', kernel.read('/proc/net/ip_vs_stats')),
    ...['saved', 'svc'].map((name) => simple(name)),
    simple('owner', owners(kernel)),
    ...['listen', 'fw', 'neigh', 'dmesg'].map((name) => simple(name)),
  ]
  const framed = parts.map(
    ({ name, text, exit }) =>
      `\n@@${nonce} B ${name}\n${text}@rc=${exit}\n\n@@${nonce} E ${name}\n`,
  )
  return `\n@@${nonce} BEGIN 1\n${framed.join('')}\n@@${nonce} END\n`
}

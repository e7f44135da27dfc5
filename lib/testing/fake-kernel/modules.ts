import {
  addDevice,
  type Context,
  done,
  failed,
  type KernelState,
  type Output,
  removeDevices,
} from './state'

const SCHEDULERS = 'rr wrr lc wlc lblc lblcr dh sh mh sed nq fo ovf'.split(' ')

/** What a Debian 12 kernel has: no ip_vs_twos (LVS-TUN facts, 1.3). */
export const DEBIAN_MODULES: readonly string[] = [
  'ip_vs',
  ...SCHEDULERS.map((name) => `ip_vs_${name}`),
  'ip_vs_pe_sip',
  'nf_conntrack',
  'nf_defrag_ipv4',
  'nf_defrag_ipv6',
  'ipip',
  'tunnel4',
  'ip_tunnel',
  'ip_gre',
  'fou',
  'dummy',
]

const NEEDS: Record<string, readonly string[]> = {
  ip_vs: ['nf_conntrack', 'nf_defrag_ipv6', 'nf_defrag_ipv4'],
  nf_conntrack: ['nf_defrag_ipv6', 'nf_defrag_ipv4'],
  ipip: ['tunnel4', 'ip_tunnel'],
  ip_gre: ['ip_tunnel'],
}

function needsOf(name: string): readonly string[] {
  return NEEDS[name] ?? (name.startsWith('ip_vs_') ? ['ip_vs'] : [])
}

/** Tells whether the module's code is in the kernel now. */
export function isPresent(state: KernelState, name: string): boolean {
  return state.modules.loaded.includes(name) || state.modules.builtin.includes(name)
}

/** Does what the module's init function does: ipip makes tunl0 (down), ip_vs an empty table. */
export function takeEffect(state: KernelState, name: string): void {
  if (name === 'ipip' && !state.devices.some((device) => device.name === 'tunl0')) {
    const quiet = { linkType: 'ipip', hardware: '0.0.0.0', mtu: 1480, up: false } as const
    addDevice(state, { name: 'tunl0', kind: 'ipip', ...quiet, addresses: [] })
  }
  if (name === 'ip_vs') {
    state.ipvs ??= {
      services: [],
      connections: [],
      timeouts: [900, 120, 300],
      daemons: [],
      totals: { connections: 0, packets: 0, bytes: 0 },
    }
  }
}

/** Loads a module and what it needs; false when this kernel has none of that name. */
export function loadModule(state: KernelState, name: string): boolean {
  if (isPresent(state, name)) return true
  if (!state.modules.available.includes(name)) return false
  for (const need of needsOf(name)) loadModule(state, need)
  // lsmod lists the newest first
  state.modules.loaded.unshift(name)
  takeEffect(state, name)
  return true
}

function usersOf(state: KernelState, name: string): string[] {
  return state.modules.loaded.filter((other) => needsOf(other).includes(name))
}

function isBusy(state: KernelState, name: string): boolean {
  const scheduler = name.replace(/^ip_vs_/, '')
  return (
    usersOf(state, name).length > 0 ||
    (state.ipvs?.services ?? []).some(
      (service) => service.scheduler === scheduler || name === 'ip_vs',
    )
  )
}

function unload(state: KernelState, name: string): void {
  state.modules.loaded = state.modules.loaded.filter((other) => other !== name)
  // All of them: the module takes every ipip tunnel of the host with it, up and addressed or not.
  if (name === 'ipip') removeDevices(state, (device) => device.kind === 'ipip')
  if (name === 'ip_vs') delete state.ipvs
}

function remove(state: KernelState, name: string): Output {
  if (state.modules.builtin.includes(name)) {
    return failed(1, `modprobe: FATAL: Module ${name} is builtin.`)
  }
  if (!state.modules.loaded.includes(name)) return done()
  if (isBusy(state, name)) return failed(1, `modprobe: FATAL: Module ${name} is in use.`)
  unload(state, name)
  // -r also drops what nobody needs any more
  for (const need of needsOf(name)) if (usersOf(state, need).length === 0) unload(state, need)
  return done()
}

function notFound(state: KernelState, name: string, flags: string): Output {
  if (flags.includes('q')) return { exit: 1, stdout: '', stderr: '' }
  const where = flags.includes('r') ? '.' : ` in directory /lib/modules/${state.release}`
  return failed(1, `modprobe: FATAL: Module ${name} not found${where}`)
}

/** modprobe [-n] [-q] [-r] [--] NAME */
export function modprobe({ state, root }: Context, argv: readonly string[]): Output {
  const flags = argv.filter((word) => word.startsWith('-')).join('')
  const name = argv.slice(1).find((word) => !word.startsWith('-')) ?? ''
  const known = isPresent(state, name) || state.modules.available.includes(name)
  if (!known) return notFound(state, name, flags)
  if (flags.includes('n')) return done()
  if (!root && !isPresent(state, name)) {
    return failed(1, `modprobe: ERROR: could not insert '${name}': Operation not permitted`)
  }
  if (flags.includes('r')) {
    return root
      ? remove(state, name)
      : failed(1, `modprobe: ERROR: could not remove '${name}': Operation not permitted`)
  }
  loadModule(state, name)
  return done()
}

/** rmmod NAME */
export function rmmod({ state, root }: Context, argv: readonly string[]): Output {
  const name = argv.slice(1).find((word) => !word.startsWith('-')) ?? ''
  if (!root) {
    return failed(
      1,
      `rmmod: ERROR: ../libkmod/libkmod-module.c:799 kmod_module_remove_module() could not remove '${name}': Operation not permitted`,
    )
  }
  if (state.modules.builtin.includes(name)) {
    return failed(1, `rmmod: ERROR: Module ${name} is builtin.`)
  }
  if (!state.modules.loaded.includes(name)) {
    return failed(1, `rmmod: ERROR: Module ${name} is not currently loaded`)
  }
  if (isBusy(state, name)) {
    const users = usersOf(state, name)
    const by = users.length > 0 ? ` by: ${users.join(' ')}` : ''
    return failed(1, `rmmod: ERROR: Module ${name} is in use${by}`)
  }
  unload(state, name)
  return done()
}

/** /proc/modules: `ipip 6706 0 - Live 0x0000000000000000` */
export function procModules(state: KernelState): string {
  const line = (name: string) => {
    const users = usersOf(state, name)
    const by = users.length > 0 ? `${users.join(',')},` : '-'
    return `${name} 16384 ${users.length} ${by} Live 0x0000000000000000\n`
  }
  return state.modules.loaded.map(line).join('')
}

import { FILE_TREES, type FileTree } from '../file-trees'
import { bootFromDisk } from './boot-disk'
import { addressOf } from './ip'
import { DEBIAN_MODULES, loadModule, takeEffect } from './modules'
import { sysctlPath } from './programs'
import { addDevice, CONF_KEYS, type FakeProcess, type KernelState, newBootId } from './state'

export type FakeKernelOptions = {
  hostName?: string
  /** Physical devices with their addresses, e.g. `{ eth0: ['172.25.254.2/24'] }`. */
  devices?: Readonly<Record<string, readonly string[]>>
  /** `missing` are taken from what a Debian kernel has; `loaded` and `builtin` take effect at boot. */
  modules?: { missing?: readonly string[]; builtin?: readonly string[]; loaded?: readonly string[] }
  /** `{ 'net.ipv4.conf.all.rp_filter': '1' }`; set before the modules are loaded. */
  sysctls?: Readonly<Record<string, string>>
  /** What is on its disk; Debian 12 under systemd when not given. */
  tree?: FileTree
  /** More files, or others in the place of those of the tree. */
  files?: Readonly<Record<string, string>>
  processes?: readonly FakeProcess[]
  /** Programs that are not installed. */
  withoutTools?: readonly string[]
  /** What `sudo -n` does for a plain user. */
  sudo?: KernelState['sudo']
  /** `RIP:port` that answers a TCP connection from this host. */
  answers?: readonly string[]
}

const TOOLS = 'ipvsadm ip modprobe sysctl arping bash timeout flock udevadm'.split(' ')

/** Makes the host as it is right after switching it on, before any device or module. */
function switchedOn(options: FakeKernelOptions): KernelState {
  const { missing = [], builtin = [] } = options.modules ?? {}
  const { tree = FILE_TREES.bookworm } = options
  const without = new Set([...missing, ...builtin])
  return {
    hostName: options.hostName ?? 'host',
    release: '6.1.176',
    bootId: newBootId(),
    modules: {
      available: DEBIAN_MODULES.filter((name) => !without.has(name)),
      builtin: [...builtin],
      loaded: [],
    },
    devices: [],
    sysctls: { 'net/ipv4/ip_forward': '0' },
    files: { ...tree.files, ...options.files },
    links: { ...tree.links },
    modes: {},
    folders: [...tree.folders],
    disk: 'fine',
    started: [],
    processes: [...(options.processes ?? [])],
    tools: TOOLS.filter((tool) => !(options.withoutTools ?? []).includes(tool)),
    sudo: options.sudo ?? 'granted',
    answers: [...(options.answers ?? [])],
    neighbours: {},
  }
}

function addPhysical(state: KernelState, name: string, addresses: readonly string[]): void {
  const loopback = name === 'lo'
  addDevice(state, {
    name,
    linkType: loopback ? 'loopback' : 'ether',
    hardware: loopback ? '00:00:00:00:00:00' : `02:54:fe:00:00:0${state.devices.length}`,
    mtu: loopback ? 65536 : 1500,
    up: true,
    addresses: addresses.map(addressOf).filter((address) => address !== undefined),
  })
}

const LAB_DEVICES = { eth0: ['172.25.254.1/24'], mgmt: ['10.0.2.100/24'] }

/** What a power cycle keeps. */
export type Lasting = Pick<
  KernelState,
  'files' | 'links' | 'modes' | 'folders' | 'disk' | 'answers' | 'neighbours' | 'tools' | 'sudo'
>

/**
 * Boots: devices, then sysctls, then the modules that are built in or loaded at boot, then what the disk says. `kept` is
 * what an earlier life left.
 */
export function boot(options: FakeKernelOptions, kept?: Lasting): KernelState {
  const state: KernelState = { ...switchedOn(options), ...kept }
  for (const name of ['all', 'default']) {
    for (const key of CONF_KEYS) state.sysctls[`net/ipv4/conf/${name}/${key}`] = '0'
  }
  addPhysical(state, 'lo', ['127.0.0.1/8', '::1/128'])
  for (const [name, addresses] of Object.entries(options.devices ?? LAB_DEVICES)) {
    addPhysical(state, name, addresses)
  }
  for (const [key, value] of Object.entries(options.sysctls ?? {})) {
    state.sysctls[sysctlPath(key)] = value
  }
  for (const name of state.modules.builtin) takeEffect(state, name)
  for (const name of options.modules?.loaded ?? []) loadModule(state, name)
  state.started = bootFromDisk(state)
  return state
}

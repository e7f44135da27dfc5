import type { Address } from './address'
import { formatEndpoint, hostPrefix } from './address'
import {
  type Forwarding,
  formatRealServerKey,
  type RealServerConfig,
  type RealServerKey,
  type ServiceConfig,
  type ServiceKey,
  serviceArguments,
  type Tunnel,
} from './service'

/** A command as it is run: program and arguments, never a shell string. */
export type Argv = readonly string[]

/** Writes all of a service's configuration as ipvsadm(8) options; `-E` clears what is not repeated. */
export function serviceOptions(config: ServiceConfig): string[] {
  const { persistence, flags, persistenceEngine } = config
  return [
    '-s',
    config.scheduler,
    ...(persistence === undefined ? [] : ['-p', String(persistence.timeoutSeconds)]),
    ...(persistence?.mask === undefined ? [] : ['-M', persistence.mask]),
    ...(persistenceEngine === undefined ? [] : ['--pe', persistenceEngine]),
    ...(flags.length === 0 ? [] : ['-b', flags.join(',')]),
    ...(config.onePacket ? ['-o'] : []),
  ]
}

function tunnelOptions(tunnel: Tunnel): string[] {
  if (tunnel.type === 'ipip') return [] // the default; ipvsadm 1.29 and older do not know the option
  const checksum = { none: '--tun-nocsum', csum: '--tun-csum', remcsum: '--tun-remcsum' }
  const port = tunnel.type === 'gue' ? ['--tun-port', String(tunnel.port)] : []
  return ['--tun-type', tunnel.type, ...port, checksum[tunnel.checksum]]
}

function forwardingOptions(forwarding: Forwarding): string[] {
  if (forwarding.method === 'route') return ['-g']
  if (forwarding.method === 'masquerade') return ['-m']
  return ['-i', ...tunnelOptions(forwarding.tunnel)]
}

/** Writes all of an entry's configuration; `-e` without `-i` would turn Tunnel into Route. */
export function realServerOptions(config: RealServerConfig): string[] {
  const { upperThreshold: upper, lowerThreshold: lower } = config
  return [
    ...forwardingOptions(config.forwarding),
    '-w',
    String(config.weight),
    ...(upper === 0 ? [] : ['-x', String(upper)]),
    ...(lower === 0 ? [] : ['-y', String(lower)]),
  ]
}

/** Adds (`-A`), edits (`-E`) a service with its options, or deletes it (`-D`) with all its entries. */
export function serviceCommand(
  command: '-A' | '-E' | '-D',
  key: ServiceKey,
  options: Argv = [],
): Argv {
  return ['ipvsadm', command, ...serviceArguments(key), ...options]
}

/** Adds (`-a`), edits (`-e`) or deletes (`-d`) one real server's entry. */
export function entryCommand(
  command: '-a' | '-e' | '-d',
  service: ServiceKey,
  realServer: RealServerKey,
  options: Argv = [],
): Argv {
  const target = ['-r', formatRealServerKey(realServer)]
  return ['ipvsadm', command, ...serviceArguments(service), ...target, ...options]
}

/** Loads a module (modprobe(8)). */
export const loadModule = (name: string): Argv => ['modprobe', name]

/**
 * Unloads a module and those it needed, where nothing uses them (modprobe(8) looks at reference counts). Only for a
 * module that we loaded: ipip counts no references for its devices (LVS-TUN facts, 2.3; removals.ts guards it).
 */
export const unloadModule = (name: string): Argv => ['modprobe', '-r', name]

/** Sets a device up or down (ip-link(8)). */
export const setLink = (device: string, state: 'up' | 'down'): Argv => [
  'ip',
  'link',
  'set',
  'dev',
  device,
  state,
]

/** Puts an address alone (/32, /128) on a device, or takes it off (ip-address(8)). */
export const setAddress = (
  command: 'add' | 'del',
  address: Address,
  device: string,
  prefixLength: number = hostPrefix(address),
): Argv => ['ip', 'address', command, `${address}/${prefixLength}`, 'dev', device]

/** Sets one kernel parameter now (sysctl(8)); lasting files are Save's. */
export const setSysctl = (key: string, value: string): Argv => ['sysctl', '-w', `${key}=${value}`]

/** Has a unit of systemd, or a service of OpenRC, started at boot, or not; starts and stops nothing now. */
export const setUnit = (name: string, state: 'enable' | 'disable'): Argv =>
  name.endsWith('.service')
    ? ['systemctl', state, name]
    : ['rc-update', state === 'enable' ? 'add' : 'del', name, 'default']

/** Has systemd read its unit files again; nothing is started or stopped. */
export const reloadUnits = (): Argv => ['systemctl', 'daemon-reload']

/** Has everything written reach the disk (sync(1)). */
export const syncDisk = (): Argv => ['sync']

/** Waits until udev has done its own to new devices, or it would undo our sysctls (LVS-TUN facts, 2.4). */
export const settle = (): Argv => ['udevadm', 'settle', '--timeout=5']

/** Tells the segment that the VIP lives here now (gratuitous ARP, arping(8)). */
export const announce = (vip: Address, device: string): Argv => [
  'arping',
  '-U',
  '-c',
  '2',
  '-I',
  device,
  '-s',
  vip,
  vip,
]

/**
 * Asks the segment whether somebody has the VIP, as a host does before it takes an address (arping(8), -D): nobody's
 * cache changes by it. Ends with the first answer, at the latest after 2 s.
 */
export const askArp = (vip: Address, device: string): Argv => [
  'arping',
  '-D',
  '-c',
  '2',
  '-w',
  '2',
  '-I',
  device,
  vip,
]

/** Opens a TCP connection to RIP:port within 3 s; the address is an argument, not part of the script. */
export const reach = (realServer: RealServerKey): Argv => [
  'timeout',
  '3',
  'bash',
  '-c',
  'exec 3<>"/dev/tcp/$0/$1"',
  realServer.rip,
  String(realServer.port),
]

/** Writes the endpoint of an entry's check for people. */
export const reachSubject = (realServer: RealServerKey): string =>
  formatEndpoint(realServer.rip, realServer.port)

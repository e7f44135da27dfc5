import { randomUUID } from 'node:crypto'
import type { FakeUndo } from './undo'

/** What a command of the fake host printed and how it ended. */
export type Output = { exit: number; stdout: string; stderr: string }

export type FakeAddress = { family: 4 | 6; local: string; prefix: number; scope: string }

export type FakeDevice = {
  index: number
  name: string
  /** `linkinfo.info_kind`; a physical device has none. */
  kind?: string
  linkType: 'loopback' | 'ether' | 'ipip'
  hardware: string
  mtu: number
  up: boolean
  addresses: FakeAddress[]
}

export type Tunnel = { type: 'ipip' | 'gue' | 'gre'; port: number; checksum: string }

/** IPVS's own identity of a service: fwmark 0 means "by address". */
export type FakeServiceKey = {
  fwmark: number
  family: 4 | 6
  protocol: 'tcp' | 'udp' | 'sctp'
  address: string
  port: number
}

export type Counters = { connections: number; packets: number; bytes: number }

export type FakeDestination = {
  family: 4 | 6
  address: string
  port: number
  forward: 'Tunnel' | 'Route' | 'Masq'
  tunnel: Tunnel
  weight: number
  upper: number
  lower: number
  active: number
  inactive: number
  persistent: number
  counters: Counters
}

export type FakeService = FakeServiceKey & {
  scheduler: string
  /** Bits 1, 2 and 3 of the scheduler flags. */
  flags: number[]
  /** Seconds; absent when not persistent. */
  timeout?: number
  /** `255.255.255.255` or, for IPv6, a prefix length as text. */
  mask: string
  onePacket: boolean
  engine: string
  counters: Counters
  /** Newest first, as the kernel links them. */
  destinations: FakeDestination[]
  /** Where the scheduler's walk stands: the index after which it goes on, and wrr's current weight. */
  walk: { last: number; weight: number }
  /** Persistence templates: client → `address:port`. */
  templates: Record<string, string>
}

/** One row of /proc/net/ip_vs_conn. */
export type FakeEntry = {
  protocol: FakeServiceKey['protocol']
  client: string
  clientPort: number
  address: string
  port: number
  destination: string
  destinationPort: number
  state: 'SYN_RECV' | 'ESTABLISHED' | 'FIN_WAIT'
}

export type FakeIpvs = {
  services: FakeService[]
  connections: FakeEntry[]
  timeouts: [number, number, number]
  daemons: { state: 'master' | 'backup'; device: string; syncid: number }[]
  totals: Counters
}

export type FakeProcess = { pid: number; comm: string; cmdline: string[] }

export type KernelState = {
  hostName: string
  release: string
  bootId: string
  modules: { available: string[]; builtin: string[]; loaded: string[] }
  devices: FakeDevice[]
  /** By path below /proc/sys, e.g. `net/ipv4/conf/all/rp_filter`. */
  sysctls: Record<string, string>
  /** Absent while ip_vs is not loaded. */
  ipvs?: FakeIpvs
  files: Record<string, string>
  /** Targets of symbolic links by path, as readlink prints them. */
  links: Record<string, string>
  /** Modes of files that are not 644, e.g. `600`. */
  modes: Record<string, string>
  /** Folders that say something by being there, e.g. /run/systemd/system. */
  folders: string[]
  /** What happens to who writes a file. */
  disk: 'fine' | 'full' | 'read-only'
  /** Units that the last boot started. */
  started: string[]
  processes: FakeProcess[]
  /** Programs that are installed. */
  tools: string[]
  /** What `sudo -n` does for the plain user. */
  sudo: 'granted' | 'password' | 'absent'
  /** Timed undos that are armed, or were carried out. */
  undos?: FakeUndo[]
  /** `address:port` of what answers a TCP connection from this host. */
  answers: string[]
  /** Who else on the segment answers ARP: MAC addresses by IP address. */
  neighbours: Record<string, string>
}

/** What one command may use: the state, who runs it and what it reads on standard input. */
export type Context = { state: KernelState; root: boolean; stdin: string }

export const CONF_KEYS = [
  'accept_local',
  'arp_announce',
  'arp_ignore',
  'log_martians',
  'rp_filter',
  'src_valid_mark',
] as const

/** Makes a successful output. */
export function done(stdout = ''): Output {
  return { exit: 0, stdout, stderr: '' }
}

/** Makes a failed output with one line on standard error. */
export function failed(exit: number, line: string): Output {
  return { exit, stdout: '', stderr: `${line}\n` }
}

/** Adds a device with the conf values of `default`, as the kernel does for a new one. */
export function addDevice(state: KernelState, device: Omit<FakeDevice, 'index'>): FakeDevice {
  const index = Math.max(0, ...state.devices.map((each) => each.index)) + 1
  const added = { index, ...device }
  state.devices.push(added)
  for (const key of CONF_KEYS) {
    state.sysctls[`net/ipv4/conf/${device.name}/${key}`] =
      state.sysctls[`net/ipv4/conf/default/${key}`] ?? '0'
  }
  return added
}

/** Removes devices and their conf values. */
export function removeDevices(state: KernelState, doomed: (device: FakeDevice) => boolean): void {
  for (const device of state.devices.filter(doomed)) {
    for (const path of Object.keys(state.sysctls)) {
      if (path.startsWith(`net/ipv4/conf/${device.name}/`)) delete state.sysctls[path]
    }
  }
  state.devices = state.devices.filter((device) => !doomed(device))
}

/** Makes a boot id as /proc/sys/kernel/random/boot_id prints it. */
export function newBootId(): string {
  return randomUUID()
}

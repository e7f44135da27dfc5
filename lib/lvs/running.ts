import type { Address } from './address'
import type { Reason } from './reason'
import type { Saved } from './saved'
import type { RealServerConfig, RealServerKey, ServiceConfig, ServiceKey } from './service'
import type { UndoOnHost } from './timed-undo'

/** What the kernel of one host says now; made by parse-running from one lean read, never stored as truth. */
export type Running = {
  /** /proc/sys/kernel/random/boot_id: a new one means that the host was rebooted. */
  bootId: string
  /** Names of loaded modules (/proc/modules), only those that matter here: ipip, ip_vs*, ip_gre, fou, … */
  modules: readonly string[]
  /** Modules that are neither loaded, nor built in, nor to be had on this kernel (modprobe -n -q). */
  missingModules: readonly string[]
  devices: readonly Device[]
  /** net.ipv4.conf.*.{rp_filter,arp_ignore,arp_announce}, dots inside interface names written as `/` (sysctl(8)). */
  sysctls: Readonly<Record<string, string>>
  /** `absent`: no ip_vs on this kernel now. `denied`: it is there, but we may not read it (reason says why). */
  ipvs:
    | { state: 'absent' }
    | { state: 'denied'; why: Reason }
    | { state: 'present'; services: readonly RunningService[]; unreadable: readonly string[] }
  /** Who else owns IPVS on this host. */
  owners: readonly Owner[]
  /** Which tools the host has. */
  tools: readonly Tool[]
  privilege: 'root' | 'sudo' | 'none'
  /** Timed undos that are armed on it, or whose result nobody has read yet; absent where there are none. */
  undos?: readonly UndoOnHost[]
  /** What its files say; only where Save asked for it too. */
  saved?: Saved
}

export const TOOLS = [
  'ipvsadm',
  'ip',
  'modprobe',
  'sysctl',
  'arping',
  'bash',
  'timeout',
  'flock',
  'udevadm',
] as const
export type Tool = (typeof TOOLS)[number]

export const OWNER_NAMES = ['keepalived', 'ldirectord', 'kube-proxy'] as const
export type Owner = { name: (typeof OWNER_NAMES)[number]; evidence: string }

export type Device = {
  name: string
  /** `linkinfo.info_kind` of `ip -d -j`, e.g. `ipip`, `bridge`; absent on a physical one. */
  kind?: string
  /** Administratively up (flag UP); operstate of an up tunl0 is UNKNOWN, so it is not asked. */
  up: boolean
  loopback: boolean
  addresses: readonly { address: Address; prefixLength: number }[]
}

export type RunningRealServer = {
  key: RealServerKey
  config: RealServerConfig
  /** ActiveConn and InActConn of /proc/net/ip_vs at the moment of reading; absent when not read. */
  active?: number
  inactive?: number
}

export type RunningService = {
  key: ServiceKey
  config: ServiceConfig
  realServers: readonly RunningRealServer[]
}

export type HostRef = {
  id: string
  name: string
  /** The address that Tunboard connects to; not the RIP. */
  address: string
  /** The port of its SSH; absent where nobody needs to know. */
  port?: number
}

/** One host in the planner's world: read just now, or not reachable, with the reason. */
export type HostState =
  | { host: HostRef; running: Running }
  | { host: HostRef; running?: never; unreachable: Reason }

import type { Reason } from './reason'
import type { Device, Owner, Running } from './running'

/**
 * What a host is, as the whole probe found it. Plain data: it is kept in the database as JSON, with the time of
 * the probe beside it, and is never taken for what the host is now.
 */
export type HostFacts = {
  hostName: string
  /** From os-release: `debian`, `12`, `Debian GNU/Linux 12 (bookworm)`. */
  distribution: { id: string; version: string; name: string }
  /** Release of the running kernel (uname -r). */
  kernel: string
  architecture: string
  /** Process 1: `systemd`, `init`, … */
  init: string
  bootId: string
  uptimeSeconds: number
  /** The host's own clock when it was probed, in seconds since 1970. */
  clockSeconds: number
  /** The user that we log in as. */
  user: string
  privilege: Running['privilege']
  /** What sudo said that we may do, verbatim; empty for root. */
  sudo: string
  /** Package versions; absent where no package manager told. `ipvsadm --version` would load ip_vs. */
  versions: { ipvsadm?: string; iproute?: string }
  modules: {
    loaded: readonly string[]
    available: readonly string[]
    builtin: readonly string[]
  }
  /** Schedulers that this kernel has, loaded or not, e.g. `rr`, `mh`. */
  schedulers: readonly string[]
  devices: readonly Device[]
  sysctls: Readonly<Record<string, string>>
  /** What counts for packets that arrive on a device: the larger of `all` and its own. */
  effective: readonly EffectiveSysctls[]
  owners: readonly Owner[]
  tools: readonly string[]
  ipvs:
    | { state: 'absent' }
    | {
        state: 'present'
        services: readonly { name: string; scheduler: string; realServers: number }[]
        /** Why ipvsadm may not be used, verbatim; absent when it may. */
        denied?: string
      }
  /** What the operator should know before he plans on this host. */
  warnings: readonly Reason[]
}

export type EffectiveSysctls = {
  device: string
  rpFilter: number
  arpIgnore: number
  arpAnnounce: number
}

import type { Item } from './ledger'

/**
 * What a reboot of one host would read, as its files say it now; made by parse-saved from one read. Texts are whole:
 * they are merged and written back.
 */
export type Saved = {
  /** From os-release: `debian`, [], `12`; `rocky`, ['rhel', 'centos', 'fedora'], `9.4`. */
  distribution: { id: string; like: readonly string[]; version: string; name: string }
  /** Who starts things at boot: systemd where /run/systemd/system is there, OpenRC where /run/openrc is. */
  init: 'systemd' | 'openrc' | 'other'
  /** Each file of FILES that is there, by path. */
  files: Readonly<Record<string, SavedFile>>
  /**
   * The lines on net.ipv4 of every file that sysctl may read at boot, by path; a file without any is there too, because it
   * hides another of its name (sysctl.d(5)). `unreadable`: why nobody knows what it says.
   */
  sysctlFiles: readonly { path: string; lines: readonly string[]; unreadable?: string }[]
  /** What the patterns of MARKS find, e.g. `/etc/systemd/system/multi-user.target.wants/tunboard.service`. */
  present: readonly string[]
  /** The distribution's unit is masked. */
  masked?: true
  /** The kernel's IPVS timeouts now, in seconds; absent where ip_vs is absent or may not be read. */
  timeouts?: Timeouts
}

/** `ipvsadm --set`: seconds for tcp, tcpfin and udp; the kernel starts with 900, 120, 300. */
export type Timeouts = { tcp: number; tcpfin: number; udp: number }

export const DEFAULT_TIMEOUTS: Timeouts = { tcp: 900, tcpfin: 120, udp: 300 }

/** A file in its place: its text (`executable`: it may be run, as rc.local must be), or why there is none: a symbolic link, not readable, or not text. */
export type SavedFile =
  | { kind: 'text'; text: string; executable?: true }
  | { kind: 'link'; target: string }
  | { kind: 'unreadable'; why: string }
  | { kind: 'not-text' }

/** Files whose whole text is read: those that Save may write, and those that say what is loaded. No blank in a path. */
export const FILES = [
  '/etc/default/ipvsadm',
  '/etc/ipvsadm.rules',
  '/etc/sysconfig/ipvsadm',
  '/var/lib/ipvsadm/rules-save',
  '/etc/modules',
  '/etc/modules-load.d/tunboard.conf',
  '/etc/sysctl.d/99-zz-tunboard.conf',
  '/etc/systemd/system/tunboard.service',
  '/etc/systemd/system/ipvsadm.service.d/tunboard.conf',
  '/etc/rc.local',
  '/etc/local.d/tunboard.start',
] as const
export type FilePath = (typeof FILES)[number]

/** The copy that is kept beside a file of which we wrote a newer one. */
export const backupOf = (path: string): string => `${path}.tunboard-bak`

/** A link to /dev/null here: systemd starts no ipvsadm, whatever else is there (systemctl mask). */
export const MASK = '/etc/systemd/system/ipvsadm.service'

/** Patterns of what tells that ipvsadm, or we, are started at boot, and of our backups, so that uninstalling finds them. */
export const MARKS = [
  '/lib/systemd/system/ipvsadm.service',
  '/usr/lib/systemd/system/ipvsadm.service',
  '/etc/init.d/ipvsadm',
  '/etc/systemd/system/*.wants/ipvsadm.service',
  '/etc/systemd/system/*.wants/tunboard.service',
  '/etc/rc[2-5].d/S*ipvsadm',
  '/etc/runlevels/*/ipvsadm',
  '/etc/runlevels/*/local',
  ...FILES.map(backupOf),
] as const

/** One thing of ours in a host's files: its value, and the clusters whose Save put it there. */
export type SavedItem = {
  hostId: string
  item: Item
  value: string
  clusters: readonly string[]
}

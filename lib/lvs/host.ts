import type { HostFacts } from './host-facts'

export const AUTH_KINDS = ['key', 'password', 'agent'] as const
export type AuthKind = (typeof AUTH_KINDS)[number]

export const BECOME_WAYS = ['root', 'sudo'] as const
/** `root`: the user is root. `sudo`: every command that needs it runs under `sudo -n`. */
export type Become = (typeof BECOME_WAYS)[number]

/** A host key that a person has approved; `fingerprint` as `ssh-keygen -lf` prints it. */
export type ApprovedHostKey = {
  fingerprint: string
  type: string
  approvedAt: Date
  approvedBy: string
}

/** A Linux machine that Tunboard reaches by SSH, as remembered; its credential is not part of it. */
export type Host = {
  id: string
  name: string
  /** Where SSH answers: an address or a host name. Never the RIP or DIP by itself. */
  address: string
  port: number
  user: string
  authKind: AuthKind
  become: Become
  /** Absent until a person approves one, and again after the address or port changed. */
  hostKey?: ApprovedHostKey
  /** What the last probe read, and when. */
  probed?: { facts: HostFacts; at: Date }
  /** Raised by every edit; a form hands back the one it saw. */
  version: number
}

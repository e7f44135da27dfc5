import { createHash } from 'node:crypto'
import type { Secret } from '@/lib/secret'

/** How we prove who we are. */
export type SshAuth =
  | { kind: 'key'; privateKey: Secret; passphrase?: Secret }
  | { kind: 'password'; password: Secret }
  | { kind: 'agent'; socket: string }

/** Everything that is needed to talk to one host. */
export type SshTarget = {
  hostId: string
  /** The host's name for people; every error holds it. */
  name: string
  address: string
  port: number
  user: string
  auth: SshAuth
  /** The approved fingerprint, `SHA256:…` as `ssh-keygen -lf` prints it; empty = nobody has approved one yet. */
  hostKey: string
  /** `sudo`: commands that need root run under `sudo -n`. */
  become: 'root' | 'sudo'
}

function authText(auth: SshAuth): string[] {
  switch (auth.kind) {
    case 'key':
      return ['key', auth.privateKey.reveal(), auth.passphrase?.reveal() ?? '']
    case 'password':
      return ['password', auth.password.reveal()]
    case 'agent':
      return ['agent', auth.socket]
    default:
      return auth satisfies never
  }
}

/** Computes a text that changes whenever a target is configured otherwise; it tells nothing about the secrets. */
export function targetVersion(target: SshTarget): string {
  const { hostId, address, port, user, auth, hostKey, become } = target
  const all = [hostId, address, String(port), user, hostKey, become, ...authText(auth)]
  return createHash('sha256').update(JSON.stringify(all)).digest('base64')
}

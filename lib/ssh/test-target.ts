import { Secret } from '@/lib/secret'
import type { SshTarget } from './target'

/** What a test knows of a host, fake or real. */
type Reachable = { name: string; port: number; fingerprint: string; privateKey: string }

let count = 0

/** Makes the target of a host on this machine, for root with a key; each is a host of its own to the pool. */
export function targetOf({ name, port, fingerprint, privateKey }: Reachable): SshTarget {
  count += 1
  return {
    hostId: `host-${count}`,
    name,
    address: '127.0.0.1',
    port,
    user: 'root',
    auth: { kind: 'key', privateKey: new Secret(privateKey) },
    hostKey: fingerprint,
    become: 'root',
  }
}

/** The same host, by its plain user with sudo. */
export function asStudent(target: SshTarget): SshTarget {
  return { ...target, hostId: `${target.hostId}-student`, user: 'student', become: 'sudo' }
}

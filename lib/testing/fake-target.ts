import { Secret } from '@/lib/secret'
import type { SshAuth, SshTarget } from '@/lib/ssh/target'
import { type FakeHost, type FakeHostOptions, makeKey, startFakeHost } from './fake-host'
import { createFakeKernel, type FakeKernel } from './fake-kernel'

export const PASSWORD = 'correct horse battery staple'

const key = makeKey()

/** Both users that a fake host of the tests has, with one key and one password. */
const USERS = [
  { name: 'root', root: true, publicKey: key.public, password: PASSWORD },
  { name: 'student', root: false, publicKey: key.public, password: PASSWORD },
  { name: 'pam', root: false, password: PASSWORD, interactive: true },
]

export const KEY: SshAuth = { kind: 'key', privateKey: new Secret(key.private) }

let count = 0

/** Starts a fake host with the usual users and tells how to reach it. */
export async function startTarget(
  kernel: FakeKernel = createFakeKernel(),
  options: Partial<FakeHostOptions> = {},
): Promise<{ host: FakeHost; target: SshTarget }> {
  const host = await startFakeHost({ kernel, users: USERS, ...options })
  count += 1
  const target: SshTarget = {
    hostId: `host-${count}`,
    name: kernel.state.hostName,
    address: '127.0.0.1',
    port: host.port,
    user: 'root',
    auth: KEY,
    hostKey: host.fingerprint,
    become: 'root',
  }
  return { host, target }
}

/** The same host, by its plain user with sudo. */
export function asStudent(target: SshTarget): SshTarget {
  return { ...target, hostId: `${target.hostId}-student`, user: 'student', become: 'sudo' }
}

import { unsealCredential } from '@/lib/db/credential'
import { getHost, readSealedCredential } from '@/lib/db/hosts'
import { env } from '@/lib/env'
import { Unreachable, Unreadable } from '@/lib/errors'
import type { Host } from '@/lib/lvs/host'
import { credentialKey } from '@/lib/secret-key'
import type { SshAuth, SshTarget } from '@/lib/ssh/target'

async function authOf({ id, name, authKind }: Host): Promise<SshAuth> {
  if (authKind === 'agent') {
    const socket = env().sshAuthSock
    if (socket === undefined) throw new Unreachable('auth', { host: name, agent: 'absent' })
    return { kind: 'agent', socket }
  }
  const sealed = await readSealedCredential(id)
  if (sealed === undefined) throw new Unreadable('credential-unreadable', { host: name })
  try {
    return unsealCredential(credentialKey(), id, sealed)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    throw new Unreadable(error.reason, { host: name }, { cause: error })
  }
}

/**
 * Makes what lib/ssh needs to talk to a host, its credential unsealed. Throws NotFound, Unreachable
 * ('host-key-unknown' where nobody has approved a key) and Unreadable('credential-unreadable').
 */
export async function sshTarget(hostId: string): Promise<SshTarget> {
  const host = await getHost(hostId)
  if (host.hostKey === undefined) throw new Unreachable('host-key-unknown', { host: host.name })
  const { name, address, port, user, become } = host
  return {
    ...{ hostId, name, address, port, user, become },
    auth: await authOf(host),
    hostKey: host.hostKey.fingerprint,
  }
}

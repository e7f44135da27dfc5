import { sealCredential } from '@/lib/db/credential'
import { forgetHostIdentity, getHost, updateHost } from '@/lib/db/hosts'
import { inTransaction, type Tx } from '@/lib/db/transaction'
import { Conflict } from '@/lib/errors'
import type { Host } from '@/lib/lvs/host'
import type { HostForm } from '@/lib/lvs/host-form'
import { credentialKey } from '@/lib/secret-key'
import { closeHost } from '@/lib/ssh/client'
import { accessOf, checkHostName } from './add-host'
import type { Context } from './context'
import { credentialOf, requireCredential } from './host-credential'
import { recordEvent } from './record-event'
import { withHostLock } from './with-host-lock'

/** Reads the host in the version that the form was made from. Throws Conflict('host-moved'). */
async function getSeen(tx: Tx, { hostId, version }: HostTarget): Promise<Host> {
  const host = await getHost(hostId, tx)
  if (host.version !== version) throw new Conflict('host-moved', { host: host.name })
  return host
}

/** Which host a form changes, and the version that it was made from. */
export type HostTarget = { hostId: string; version: number }

/** A new credential, or the one that is stored where the way to log in is the same; null forgets it for an agent. */
function newCredential(host: Host, form: HostForm): { credential?: string | null } {
  const credential = credentialOf(form)
  if (credential !== undefined) {
    return { credential: sealCredential(credentialKey(), host.id, credential) }
  }
  if (form.authKind === 'agent') return { credential: null }
  if (form.authKind !== host.authKind) requireCredential(form.authKind, credential)
  return {}
}

/**
 * Changes how a host is reached; secrets that were left empty stay as they are. Another address or port forgets the
 * approved key and what was probed, because another machine may answer there.
 * Throws InvalidInput, NotFound, and Conflict ('host-moved', or 'locked' while an apply is under way on it).
 */
export async function editHost(
  context: Context,
  target: HostTarget,
  form: HostForm,
): Promise<void> {
  const { hostId } = target
  await withHostLock(context, { hostId, reason: 'edit-host' }, async () => {
    await inTransaction(async (tx) => {
      const host = await getSeen(tx, target)
      const access = accessOf(form)
      await checkHostName(tx, access.name, hostId)
      const change = { ...access, ...newCredential(host, form) }
      await updateHost(tx, { id: hostId, version: target.version }, change)
      const moved = access.address !== host.address || access.port !== host.port
      if (moved) await forgetHostIdentity(tx, hostId)
      const detail = { ...access, newCredential: 'credential' in change, keyForgotten: moved }
      await recordEvent(tx, context, 'edit-host', { subject: `host:${hostId}`, detail })
    })
    closeHost(hostId)
  })
}

import { randomUUID } from 'node:crypto'
import { sealCredential } from '@/lib/db/credential'
import { createHost, type HostAccess, listHosts } from '@/lib/db/hosts'
import { inTransaction, type Tx } from '@/lib/db/transaction'
import { InvalidInput } from '@/lib/errors'
import type { HostForm } from '@/lib/lvs/host-form'
import { credentialKey } from '@/lib/secret-key'
import type { Context } from './context'
import { credentialOf, requireCredential } from './host-credential'
import { recordEvent } from './record-event'

/** Takes from the form what is no secret. */
export function accessOf(form: HostForm): HostAccess {
  const { name, address, port, user, authKind, become } = form
  return { name, address, port, user, authKind, become }
}

/** Checks that no other host has this name. Throws InvalidInput. */
export async function checkHostName(tx: Tx, name: string, ownId?: string): Promise<void> {
  const taken = (await listHosts(tx)).some((host) => host.name === name && host.id !== ownId)
  if (taken) throw new InvalidInput({ name: 'name.taken' })
}

/**
 * Adds a host, its credential sealed, and returns its id. Nothing is sent to it: a person approves its key first.
 * Throws InvalidInput (a name that is taken, a credential that is missing).
 */
export async function addHost(context: Context, form: HostForm): Promise<string> {
  const id = randomUUID()
  const access = accessOf(form)
  const credential = credentialOf(form)
  requireCredential(form.authKind, credential)
  const sealed = credential && { credential: sealCredential(credentialKey(), id, credential) }
  await inTransaction(async (tx) => {
    await checkHostName(tx, access.name)
    await createHost(tx, { id, ...access, ...sealed })
    await recordEvent(tx, context, 'add-host', { subject: `host:${id}`, detail: access })
  })
  return id
}

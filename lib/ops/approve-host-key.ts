import { getHost, updateHostKey } from '@/lib/db/hosts'
import { inTransaction } from '@/lib/db/transaction'
import { Conflict } from '@/lib/errors'
import { closeHost } from '@/lib/ssh/client'
import type { Context } from './context'
import { readKeyOf } from './present-host-key'
import { recordEvent } from './record-event'

/**
 * Remembers the host key that a person has approved, who and when; the audit trail keeps the one before.
 * `fingerprint` is the one that the person saw. Throws Unreachable, and Conflict: 'host-key-moved' where the host shows
 * another one now, 'host-moved' where its address was changed meanwhile.
 */
export async function approveHostKey(
  context: Context,
  { hostId, fingerprint }: { hostId: string; fingerprint: string },
): Promise<void> {
  const seen = await getHost(hostId)
  const presented = await readKeyOf(seen)
  if (presented.fingerprint !== fingerprint) {
    const values = { host: seen.name, expected: fingerprint, presented: presented.fingerprint }
    throw new Conflict('host-key-moved', values)
  }
  await inTransaction(async (tx) => {
    const host = await getHost(hostId, tx)
    if (host.address !== seen.address || host.port !== seen.port) {
      throw new Conflict('host-moved', { host: host.name })
    }
    const approval = { approvedAt: context.now(), approvedBy: context.actor.name }
    await updateHostKey(tx, hostId, { ...presented, ...approval })
    const before = host.hostKey?.fingerprint ?? null
    await recordEvent(tx, context, 'approve-host-key', {
      subject: `host:${hostId}`,
      detail: { name: host.name, fingerprint, before },
    })
  })
  // A connection that was made under the key before must not live on.
  closeHost(hostId)
}

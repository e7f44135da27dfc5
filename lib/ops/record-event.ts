import { type AuditDetail, createAuditEvent, type Subject } from '@/lib/db/audit'
import type { Tx } from '@/lib/db/transaction'
import type { Context } from './context'

/** Writes who does this, in the transaction that does it. `action` is the name of the op; no detail holds a secret. */
export async function recordEvent(
  tx: Tx,
  { actor, now }: Context,
  action: string,
  { subject, detail = {} }: { subject: Subject; detail?: AuditDetail },
): Promise<void> {
  const { userId, name: userName } = actor
  await createAuditEvent(tx, { at: now(), userId, userName, action, subject, detail })
}

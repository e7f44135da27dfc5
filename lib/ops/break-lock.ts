import { listAuditEvents } from '@/lib/db/audit'
import { getHostRefs } from '@/lib/db/hosts'
import { breakLease } from '@/lib/db/locks'
import { inTransaction } from '@/lib/db/transaction'
import { Conflict } from '@/lib/errors'
import type { LockForm } from '@/lib/lvs/lock-form'
import type { Context } from './context'
import { recordEvent } from './record-event'

const ACTION = 'break-lock'

/**
 * Takes the lock of a host away from whoever holds it, with the reason kept. An owner that lives sends no further batch: it
 * finds its lease lost and ends. The fence on the host stays his until then. Throws Conflict('lock-gone').
 */
export async function breakLock(
  context: Context,
  { hostId, generation, why }: LockForm,
): Promise<void> {
  await inTransaction(async (tx) => {
    const held = await breakLease(tx, { name: hostId, generation }, context.now())
    if (held === undefined) throw new Conflict('lock-gone')
    const [host] = await getHostRefs([hostId], tx)
    await recordEvent(tx, context, ACTION, {
      subject: `host:${hostId}`,
      detail: {
        ...{ host: host?.name ?? hostId, owner: held.owner, reason: held.reason },
        ...{ generation, why },
      },
    })
  })
}

/** Tells a lease that ran out, or was broken, from other failures. */
export const isLost = (error: unknown): error is Conflict =>
  error instanceof Conflict && error.reason === 'lease-lost'

/** Tells an owner whose lease is lost whether somebody broke it, who and why; else it has run out. */
export async function whyLost(lost: Conflict): Promise<Conflict> {
  const { lock, generation } = lost.values
  const events = await listAuditEvents({ subject: `host:${lock}`, limit: 20 })
  const broken = events.find(
    ({ action, detail }) => action === ACTION && detail.generation === generation,
  )
  if (broken === undefined) return lost
  const { detail, userName: who } = broken
  return new Conflict('lock-broken', {
    ...{ who, host: String(detail.host), why: String(detail.why) },
  })
}

import { getCluster } from '@/lib/db/clusters'
import { type Drift, updateDriftIgnored } from '@/lib/db/drift'
import { inTransaction } from '@/lib/db/transaction'
import { Conflict } from '@/lib/errors'
import { whyNotIgnorable } from '@/lib/lvs/drift'
import type { Context } from './context'
import { recordEvent } from './record-event'
import { findSeen, type SeenDrift } from './take-theirs'

type Request = { clusterId: string; drifts: readonly SeenDrift[] }

async function change(
  context: Context,
  { clusterId, drifts }: Request,
  action: 'ignore-drift' | 'stop-ignoring',
  decide: (drift: Drift) => Drift['ignored'],
): Promise<void> {
  await inTransaction(async (tx) => {
    const { name } = (await getCluster(clusterId, tx)).desired
    const found = await findSeen(tx, clusterId, drifts)
    for (const drift of found) await updateDriftIgnored(tx, drift, decide(drift))
    await recordEvent(tx, context, action, {
      subject: `cluster:${clusterId}`,
      detail: { cluster: name, what: found.map(({ itemId }) => itemId).join(', ') },
    })
  })
}

/**
 * Sets drifts aside, as they were seen, with who and why: plans leave them as they are, until their running value changes.
 * Throws Conflict: `drift-moved`, `drift-not-ignored` (what stands on it would fail).
 */
export async function ignoreDrift(
  context: Context,
  { why, ...request }: Request & { why: string },
): Promise<void> {
  const { userId, name } = context.actor
  const at = context.now()
  await change(context, request, 'ignore-drift', (drift) => {
    if (whyNotIgnorable(drift) !== undefined)
      throw new Conflict('drift-not-ignored', { item: drift.itemId })
    return { by: { userId, name }, why, at }
  })
}

/** Takes up again what was set aside: it counts as drift, and the next plan puts it right. Throws Conflict('drift-moved'). */
export async function stopIgnoring(context: Context, request: Request): Promise<void> {
  await change(context, request, 'stop-ignoring', () => undefined)
}

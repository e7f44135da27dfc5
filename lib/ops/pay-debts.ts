import { type ApplySummary, getApply, listApplies } from '@/lib/db/applies'
import { listLedger } from '@/lib/db/ledger'
import { TunboardError } from '@/lib/errors'
import { log } from '@/lib/log'
import { formatItem } from '@/lib/lvs/ledger'
import type { Debt, Plan } from '@/lib/lvs/plan'
import { isApplyable } from '@/lib/lvs/plan'
import { applyPlan } from './apply-plan'
import type { Context } from './context'
import { planNow } from './plan-now'
import { readHosts } from './read-world'

/** Who acts when Tunboard pays a debt that a person approved. */
const itself: Context = {
  actor: { userId: 'tunboard', name: 'Tunboard', role: 'operator' },
  now: () => new Date(),
}

/** A payment that did not come to its end, because the host went away again or Tunboard did: it is due as before. */
const isBroken = ({ kind, state, failure }: ApplySummary): boolean =>
  kind === 'debt' && (state === 'interrupted' || failure?.code === 'Unreachable')

/** Finds the debts that the last apply of a cluster left, as a person approved them. */
async function approvedDebts(clusterId: string): Promise<readonly Debt[]> {
  const last = (await listApplies({ clusterId, changes: 'running' })).find(
    (apply) => !isBroken(apply),
  )
  return last === undefined ? [] : (await getApply(last.id)).plan.debts
}

/** A debt is paid by itself only where the plan does nothing else than what was approved. */
export function isWithin({ steps }: Plan, debts: readonly Debt[]): boolean {
  const approved = new Set(
    debts.flatMap(({ hostId, items }) => items.map((item) => `${hostId} ${formatItem(item)}`)),
  )
  return steps.every(
    ({ item, hostId }) => item !== undefined && approved.has(`${hostId} ${formatItem(item)}`),
  )
}

async function payDebtsOf(clusterId: string): Promise<void> {
  const debts = await approvedDebts(clusterId)
  if (debts.length === 0) return
  const states = await readHosts(debts.map(({ hostId }) => hostId))
  if (states.every(({ running }) => running === undefined)) return
  const { plan, fingerprint } = await planNow(clusterId)
  if (!isApplyable(plan) || !isWithin(plan, debts)) return
  const { applyId, done } = await applyPlan(itself, {
    ...{ clusterId, fingerprint, kind: 'debt' },
    // nobody uses what is cleaned up, and a host that goes away again must not be held for a minute
    undo: { timer: 'without' },
  })
  log.info('Pays a debt: the host is back', { clusterId, applyId })
  await done
}

/**
 * Pays what waits for hosts that could not be reached, once they are back: planned afresh, and applied by itself only
 * where that is nothing else than what a person approved. Anything else waits for a person on the plan page.
 */
export async function payDebts(): Promise<void> {
  const clusters = new Set((await listLedger()).flatMap((row) => row.clusters))
  for (const clusterId of clusters) {
    try {
      await payDebtsOf(clusterId)
    } catch (error) {
      // somebody else is at work there, or it went away again: next time, and the others now
      if (!(error instanceof TunboardError)) throw error
    }
  }
}

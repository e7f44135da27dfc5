import { type Apply, getApply } from '@/lib/db/applies'
import { getApplyUndo } from '@/lib/db/apply-undo'
import { getPolicy } from '@/lib/db/cluster-policy'
import { inTransaction } from '@/lib/db/transaction'
import { TunboardError } from '@/lib/errors'
import { log } from '@/lib/log'
import { isApplyable, isEmpty } from '@/lib/lvs/plan'
import { openConflicts } from '@/lib/lvs/revert-items'
import type { Started } from './apply-job'
import type { Context } from './context'
import { recordEvent } from './record-event'
import { planRevert, revertApply } from './revert-apply'
import { revertObstacle } from './revert-desired'
import { undoNow } from './watch-undos'

/** Why Tunboard did not go back by itself where the policy says that it should. */
export const GO_BACK_REFUSED = ['conflicts', 'refused', 'failed'] as const
export type GoBackRefused = (typeof GO_BACK_REFUSED)[number]

/** A revert that fails is for a person to look at: going back from going back would go round for ever. */
async function isWanted(apply: Apply): Promise<boolean> {
  if (apply.state !== 'failed' || apply.kind === 'revert' || apply.subject.kind !== 'cluster')
    return false
  if (revertObstacle(apply) !== undefined) return false
  return (await getPolicy(apply.subject.id)).onFailure === 'go-back'
}

async function goBack(context: Context, applyId: string): Promise<Started | GoBackRefused> {
  const { planned, revert, changes } = await planRevert(applyId)
  if (openConflicts(changes).length > 0) return 'conflicts'
  const { plan, fingerprint } = planned
  // without a step desired goes back alone; with any, nobody is there to accept a refusal
  if (plan.refusals.length > 0 || !(isApplyable(plan) || isEmpty(plan))) return 'refused'
  const { version } = revert
  return revertApply(context, { applyId, version, fingerprint, byItself: true })
}

async function refuse(context: Context, { id, subject }: Apply, why: GoBackRefused) {
  await inTransaction((tx) =>
    recordEvent(tx, context, 'go-back-refused', {
      subject: `cluster:${subject.id}`,
      detail: { cluster: subject.name, apply: id, why },
    }),
  )
}

/**
 * Goes back from a failed apply once, where the policy of its cluster says so: in the name of who applied, and only where
 * the plan of that needs nobody's decision; else it says why not. Never throws: the apply has ended, whatever comes of this.
 */
export async function goBackByPolicy(context: Context, applyId: string): Promise<void> {
  try {
    const apply = await getApply(applyId)
    if (!(await isWanted(apply))) return
    if ((await getApplyUndo(applyId))?.state === 'armed') return await undoNow(context, applyId)
    const started = await goBack(context, applyId).catch((error: unknown) => {
      if (error instanceof TunboardError) return 'failed' as const
      throw error
    })
    if (typeof started === 'string') await refuse(context, apply, started)
    else await started.done
  } catch (error) {
    log.error('Going back by itself ended by an error that is a bug', { applyId, error })
  }
}

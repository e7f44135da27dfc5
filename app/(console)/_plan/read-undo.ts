import { getPolicy } from '@/lib/db/cluster-policy'
import type { Plan } from '@/lib/lvs/plan'
import { isRisky } from '@/lib/lvs/timed-undo'
import { undoFor } from '@/lib/ops/arm-undo'

/** What a plan's timed undo would be by the policy of its cluster; `undefined` where it would get none. */
export async function readUndo(clusterId: string, plan: Plan) {
  const undo = undoFor(plan, await getPolicy(clusterId), {})
  if (undo === undefined) return undefined
  const { seconds, confirmBy, hosts } = undo
  return {
    ...{ seconds, confirmBy, hosts: hosts.map(({ hostName }) => hostName) },
    risky: plan.steps.filter(isRisky).length,
  }
}

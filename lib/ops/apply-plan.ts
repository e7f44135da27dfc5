import type { ApplyKind } from '@/lib/db/applies'
import { getCluster, listDesiredClusters } from '@/lib/db/clusters'
import { listLedger } from '@/lib/db/ledger'
import { hostsOf } from '@/lib/lvs/plan-world'
import { applyJob, type Job, type Started } from './apply-job'
import type { UndoChoice } from './arm-undo'
import type { Context } from './context'
import { goBackByPolicy } from './go-back'
import { planNow } from './plan-now'

export type ApplyRequest = {
  clusterId: string
  /** The fingerprint of the plan that was read and approved. */
  fingerprint: string
  /** "Add anyway": entries are added without asking whether RIP:port answers. */
  skipChecks?: boolean
  /** Refusals whose consequence the person accepted, by `Refusal.override`. */
  overrides?: readonly string[]
  kind?: ApplyKind
  /** How its timed undo is to be, where the person said so. */
  undo?: UndoChoice
}

/**
 * Applies a cluster's plan with this fingerprint, as `applyJob` does. Where it fails, and the policy of the cluster says
 * so, Tunboard goes back by itself; `done` ends with that. Throws Conflict and NotFound.
 */
export async function applyPlan(context: Context, request: ApplyRequest): Promise<Started> {
  const {
    clusterId,
    fingerprint,
    skipChecks = false,
    overrides = [],
    kind = 'apply',
    undo = {},
  } = request
  const { desired } = await getCluster(clusterId)
  const job: Job = {
    subject: { kind: 'cluster', id: clusterId, name: desired.name },
    ...{ kind, action: 'apply-plan', options: { skipChecks }, overrides },
    hostIds: hostsOf(clusterId, await listDesiredClusters(), await listLedger()),
    undo,
    plan: (fence) => planNow(clusterId, { skipChecks, fence }),
  }
  const { applyId, done } = await applyJob(context, job, fingerprint)
  return { applyId, done: done.then(() => goBackByPolicy(context, applyId)) }
}

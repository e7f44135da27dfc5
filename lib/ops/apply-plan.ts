import { randomUUID } from 'node:crypto'
import { type ApplyKind, createApply } from '@/lib/db/applies'
import { getCluster, listDesiredClusters } from '@/lib/db/clusters'
import { listLedger, saveLedger } from '@/lib/db/ledger'
import { type Lease, releaseLocks, takeLocks } from '@/lib/db/locks'
import { inTransaction } from '@/lib/db/transaction'
import { Conflict } from '@/lib/errors'
import { intendLedger } from '@/lib/lvs/ledger-change'
import { isApplyable } from '@/lib/lvs/plan'
import { batchesOf } from '@/lib/lvs/plan-cluster'
import { hostsOf } from '@/lib/lvs/plan-world'
import { openApplyTopic } from './apply-events'
import type { Context } from './context'
import { type Planned, planNow } from './plan-now'
import { recordEvent } from './record-event'
import { runApply } from './run-apply'

export type ApplyRequest = {
  clusterId: string
  /** The fingerprint of the plan that was read and approved. */
  fingerprint: string
  /** "Add anyway": entries are added without asking whether RIP:port answers. */
  skipChecks?: boolean
  kind?: ApplyKind
}

/** Says why a plan must not run as it was approved. */
function objection({ plan, fingerprint }: Planned, request: ApplyRequest): Conflict | undefined {
  if (fingerprint !== request.fingerprint) return new Conflict('plan-moved')
  if (isApplyable(plan)) return undefined
  return new Conflict(plan.refusals.length > 0 ? 'plan-refused' : 'plan-empty')
}

/** Commits the intent: the apply with all its steps, and the ledger's rows as they will be. */
async function commitIntent(context: Context, request: ApplyRequest, planned: Planned) {
  const { plan, fingerprint, desiredVersion, world } = planned
  const { clusterId, skipChecks = false, kind = 'apply' } = request
  const { desired } = await getCluster(clusterId)
  const id = randomUUID()
  const { userId, name } = context.actor
  const steps = batchesOf(plan.steps).flatMap((batch, index) =>
    batch.map((step) => ({ step, batch: index })),
  )
  await inTransaction(async (tx) => {
    await createApply(tx, {
      ...{ id, clusterId, clusterName: desired.name, kind, plan, fingerprint, desiredVersion },
      ...{ options: { skipChecks }, startedBy: { userId, name }, startedAt: context.now(), steps },
    })
    await saveLedger(tx, intendLedger(plan, world.ledger, id))
    await recordEvent(tx, context, 'apply-plan', {
      subject: `cluster:${clusterId}`,
      detail: { cluster: desired.name, apply: id, steps: plan.steps.length },
    })
  })
  return { id, clusterName: desired.name }
}

/** Takes the locks of every host that the plan reads, under the name of who applies it. */
async function lockHosts(context: Context, clusterId: string): Promise<Lease[]> {
  const { desired } = await getCluster(clusterId)
  const ids = hostsOf(clusterId, await listDesiredClusters(), await listLedger())
  const owner = context.actor.name
  return takeLocks(ids, { owner, reason: `apply ${desired.name}`, now: context.now() })
}

/**
 * Applies the plan with this fingerprint: takes the locks of its hosts, reads them again, and commits the intent before
 * the first byte goes to a host. Returns as soon as that is done; the work goes on whatever the browser does.
 * Throws Conflict: `plan-moved` where running or desired is not what the plan was made from, `plan-refused`,
 * `plan-empty`, `locked`; NotFound.
 */
export async function applyPlan(
  context: Context,
  request: ApplyRequest,
): Promise<{ applyId: string; done: Promise<void> }> {
  const leases = await lockHosts(context, request.clusterId)
  try {
    return await applyLocked(context, request, leases)
  } catch (error) {
    await releaseLocks(leases, context.now())
    throw error
  }
}

/** With the locks held nobody of us can change the hosts any more: what is read now is what the steps will meet. */
async function applyLocked(context: Context, request: ApplyRequest, leases: readonly Lease[]) {
  const { clusterId, skipChecks = false } = request
  const planned = await planNow(clusterId, { skipChecks })
  const refused = objection(planned, request)
  if (refused !== undefined) throw refused
  const { id, clusterName } = await commitIntent(context, request, planned)
  openApplyTopic(id)
  const done = runApply({ applyId: id, clusterName, planned, leases, now: context.now })
  return { applyId: id, done }
}

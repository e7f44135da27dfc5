import { randomUUID } from 'node:crypto'
import { type ApplyKind, type ApplySubject, createApply } from '@/lib/db/applies'
import { saveLedger } from '@/lib/db/ledger'
import { type Lease, releaseLocks, renewLocksIn, takeLocks } from '@/lib/db/locks'
import { inTransaction, type Tx } from '@/lib/db/transaction'
import { Conflict } from '@/lib/errors'
import { intendLedger } from '@/lib/lvs/ledger-change'
import { isApplyable, isForbidden, standingRefusals } from '@/lib/lvs/plan'
import { batchesOf } from '@/lib/lvs/plan-cluster'
import type { Fence } from '@/lib/ssh/batch'
import { openApplyTopic } from './apply-events'
import { refuseArmed, type UndoChoice, undoForCluster } from './arm-undo'
import { isLost, whyLost } from './break-lock'
import type { Context } from './context'
import { fenceWords, giveFences } from './fences'
import type { Planned } from './plan-now'
import { recordEvent } from './record-event'
import { runApply } from './run-apply'

/** Something that is planned and applied: a cluster's running state, or the files of hosts. */
export type Job = {
  subject: ApplySubject
  kind: ApplyKind
  /** The name of the op, for the audit trail. */
  action: string
  /** What the person chose, as the journal keeps it. */
  options: object
  /** Refusals whose consequence the person accepted, by `Refusal.override`. */
  overrides?: readonly string[]
  /** Every host that the plan reads or changes: their locks are taken. */
  hostIds: readonly string[]
  /** With a fence, which it takes on every host that it reads. */
  plan: (fence: Fence) => Promise<Planned>
  /** The apply that it takes back. */
  revertOf?: string
  /** How its timed undo is to be; absent where it never gets one. */
  undo?: UndoChoice
  /** It says more than its steps do: a plan without any is applied too. */
  mayBeEmpty?: boolean
  /** Runs in the transaction that commits the intent: a change of desired and its apply are one. What it throws undoes both. */
  commit?: (tx: Tx, applyId: string) => Promise<void>
}

/** An apply that runs; `done` ends with it, and never throws. */
export type Started = { applyId: string; done: Promise<void> }

/** Says why a plan must not run as it was approved; without a fingerprint the person approved whatever it is. */
function objection(
  { plan, fingerprint }: Planned,
  approved: string | undefined,
  { overrides, mayBeEmpty = false, hostIds }: Job,
): Conflict | undefined {
  const accepted = new Set(overrides)
  if (approved !== undefined && fingerprint !== approved) return new Conflict('plan-moved')
  // desired moved between naming the hosts and holding them: this one is nobody's
  if (plan.steps.some(({ hostId }) => !hostIds.includes(hostId))) return new Conflict('plan-moved')
  if (isApplyable(plan, accepted)) return undefined
  if (isForbidden(plan)) return new Conflict('plan-refused')
  const count = standingRefusals(plan, accepted).length
  if (count > 0) return new Conflict('plan-not-accepted', { count })
  return mayBeEmpty ? undefined : new Conflict('plan-empty')
}

/** What was accepted and is true of this plan: an acceptance of what it does not do is none. */
const acceptedOf = ({ overrides = [] }: Job, { plan }: Planned): string[] =>
  overrides.filter((each) => plan.refusals.some(({ override }) => override === each))

/** Commits the intent: the apply with all its steps, and the ledger's rows as they will be. */
async function commitIntent(
  context: Context,
  job: Job,
  planned: Planned,
  leases: readonly Lease[],
): Promise<string> {
  const { plan, fingerprint, desiredVersion, ledger } = planned
  const { subject, kind } = job
  const overrides = acceptedOf(job, planned)
  const options = overrides.length === 0 ? job.options : { ...job.options, overrides }
  const id = randomUUID()
  const { userId, name } = context.actor
  const steps = batchesOf(plan.steps).flatMap((batch, index) =>
    batch.map((step) => ({ step, batch: index })),
  )
  await inTransaction(async (tx) => {
    // reading took a while, and somebody may have broken a lock meanwhile
    await renewLocksIn(tx, leases, context.now())
    await job.commit?.(tx, id)
    await createApply(tx, {
      ...{ id, subject, kind, plan, fingerprint, desiredVersion, options },
      ...{ startedBy: { userId, name }, startedAt: context.now(), steps },
      ...(planned.desired !== undefined && { desired: planned.desired }),
      ...(job.revertOf !== undefined && { revertOf: job.revertOf }),
    })
    await saveLedger(tx, intendLedger(plan, ledger, id))
    await recordEvent(tx, context, job.action, {
      subject: `${subject.kind}:${subject.id}`,
      detail: {
        ...{ [subject.kind]: subject.name, apply: id, steps: plan.steps.length },
        ...(overrides.length > 0 && { overrides: overrides.join('; ') }),
      },
    })
  })
  return id
}

/** What makes an apply the only one: leases in the database say who may try, the fence on each host who does. */
type Held = { leases: readonly Lease[]; fence: Fence }

/** With the locks held nobody of us can change the hosts any more: what is read now is what the steps will meet. */
async function applyLocked(
  context: Context,
  job: Job,
  approved: string | undefined,
  { leases, fence }: Held,
): Promise<Started> {
  const planned = await job.plan(fence)
  refuseArmed(planned.hosts, context.now())
  const refused = objection(planned, approved, job)
  if (refused !== undefined) throw refused
  const applyId = await commitIntent(context, job, planned, leases)
  openApplyTopic(applyId)
  const { hostIds } = job
  const { now } = context
  const undo = job.undo && (await undoForCluster(job.subject.id, planned.plan, job.undo))
  return { applyId, done: runApply({ applyId, planned, hostIds, leases, fence, undo, now }) }
}

/**
 * Applies a job's plan: takes the locks of its hosts, reads them again, and commits the intent before the first byte goes
 * to a host. Returns as soon as that is done; the work goes on whatever the browser does. Throws Conflict: `plan-moved`
 * where what is read now gives another plan than the approved one, `plan-refused`, `plan-not-accepted`,
 * `plan-empty`, `undo-armed` (a timed undo waits on a host), `locked`, `fence-held` (another Tunboard is at work on a host).
 * `plan-empty`, `locked`, `lock-broken`, `fence-held` (another Tunboard is at work on a host).
 */
export async function applyJob(
  context: Context,
  job: Job,
  approved: string | undefined,
): Promise<Started> {
  const reason = `${job.kind} ${job.subject.name}`
  const taking = { owner: context.actor.name, reason, now: context.now() }
  const leases = await takeLocks(job.hostIds, taking)
  const fence = { token: randomUUID(), who: fenceWords(`${context.actor.name}: ${reason}`) }
  try {
    return await applyLocked(context, job, approved, { leases, fence })
  } catch (error) {
    await giveFences(job.hostIds)
    await releaseLocks(leases, context.now())
    throw isLost(error) ? await whyLost(error) : error
  }
}

import { setTimeout } from 'node:timers/promises'
import { endApply, updateApplyWatch } from '@/lib/db/applies'
import type { ApplyUndo } from '@/lib/db/apply-undo'
import { dropLedger, saveLedger } from '@/lib/db/ledger'
import { type Lease, renewLocksIn } from '@/lib/db/locks'
import { inTransaction } from '@/lib/db/transaction'
import { type Conflict, type Failure, NotVerified, TunboardError } from '@/lib/errors'
import { log } from '@/lib/log'
import { settleLedger } from '@/lib/lvs/ledger-change'
import type { Plan } from '@/lib/lvs/plan'
import type { HostState } from '@/lib/lvs/running'
import type { Fence } from '@/lib/ssh/batch'
import { publishApply } from './apply-events'
import { armUndo, type UndoPlan } from './arm-undo'
import { isLost, whyLost } from './break-lock'
import { checkSaved } from './check-saved'
import { confirmApply, disarmFailed } from './confirm-undo'
import type { Context } from './context'
import { giveFences } from './fences'
import { holdLocks } from './hold-locks'
import type { Planned } from './plan-now'
import { readSoon } from './radar-loop'
import { type Ran, runBatches } from './run-batches'
import { type Watch, watchEntries } from './watch-entries'

export type RunningApply = {
  applyId: string
  planned: Planned
  hostIds: readonly string[]
  leases: readonly Lease[]
  fence: Fence
  /** Armed on its hosts before the first step. */
  undo?: UndoPlan | undefined
  now: () => Date
}

/** Reads all hosts again: what they say is what became of the apply, whatever the commands returned. */
async function verify(
  { applyId, planned, leases, now }: RunningApply,
  { failure, fates }: Ran,
  isArmed: boolean,
) {
  publishApply(applyId, { kind: 'phase', phase: 'verifying' })
  const { hosts, ledger, left } = await planned.readAgain({ give: true })
  const { saved, dropped } = settleLedger(planned.plan, ledger, hosts, fates)
  const problem = failure ?? notVerified(planned.hosts, hosts, left)
  const state =
    failure !== undefined ? 'failed' : problem === undefined ? 'verified' : 'not-verified'
  const ended = state === 'verified' && isArmed ? 'armed' : state
  const watch: Watch = { state: 'watching', entries: [] }
  const watched = problem === undefined && !planned.files
  await inTransaction(async (tx) => {
    // whoever has the hosts now has rows of his own in the ledger: those are not ours to settle any more
    await renewLocksIn(tx, leases, now())
    await saveLedger(tx, saved)
    await dropLedger(tx, dropped)
    const verified = state === 'verified'
    await planned.record?.(tx, { applyId, verified, at: now(), hosts })
    await endApply(tx, applyId, {
      state: ended,
      endedAt: now(),
      ...(problem !== undefined && { failure: problem }),
      ...(watched && { watch }),
    })
  })
  return state
}

/** Says what is not seen to be as desired: a host that was read before and not after, or steps that are left. */
function notVerified(
  before: readonly HostState[],
  after: readonly HostState[],
  { steps }: Plan,
): Failure | undefined {
  const lost = after.find(
    ({ host, running }) =>
      running === undefined &&
      before.some((each) => each.host.id === host.id && each.running !== undefined),
  )
  if (lost !== undefined)
    return new NotVerified('not-read-back', { host: lost.host.name }).toFailure()
  if (steps.length === 0) return undefined
  const difference = steps
    .map(({ hostName, argv, kind, subject }) =>
      kind === 'file' ? `${hostName}: ${subject}` : `${hostName}: ${argv.join(' ')}`,
    )
    .join('\n')
  return new NotVerified('not-verified', { count: steps.length, difference }).toFailure()
}

/** Watches the entries that were added for connections that are stuck; a note to the apply, not its outcome. */
async function watch({ applyId, planned }: RunningApply): Promise<void> {
  if (planned.files) return
  publishApply(applyId, { kind: 'phase', phase: 'watching' })
  const seen = await watchEntries(planned.plan)
  await updateApplyWatch(applyId, seen)
}

/** What hosts have saved is looked at anew; that is no part of the apply, whatever comes of it. */
async function lookAtSaved({ applyId, hostIds }: RunningApply): Promise<void> {
  try {
    await checkSaved(hostIds)
  } catch (error) {
    log.error('What hosts have saved could not be looked at after an apply', { applyId, error })
  }
}

const itself = ({ now }: RunningApply): Context => ({
  actor: { userId: 'tunboard', name: 'Tunboard', role: 'operator' },
  now,
})

/** Tries again while there is time, which is often enough: a host under load answers late. */
const CONFIRM_MS = 1_000

/** Confirms while there is time; where that does not come about, the hosts undo by themselves. */
async function confirmByItself(apply: RunningApply, undo: ApplyUndo): Promise<void> {
  const { applyId, now } = apply
  publishApply(applyId, { kind: 'phase', phase: 'confirming' })
  while (now().getTime() < Date.parse(undo.deadlineAt)) {
    try {
      await confirmApply(itself(apply), applyId)
      return
    } catch (error) {
      if (!(error instanceof TunboardError)) throw error
      if (error.reason === 'undo-too-late' || error.reason === 'undo-over') return
      log.warn('An apply is not confirmed yet', { applyId, error })
    }
    await setTimeout(CONFIRM_MS)
  }
}

/** What becomes of a timed undo when the steps have ended; a person's confirmation is waited for by nobody here. */
async function endUndo(apply: RunningApply, undo: ApplyUndo, state: string): Promise<void> {
  if (state !== 'verified') await disarmFailed(itself(apply), apply.applyId)
  else if (undo.confirmBy === 'server') await confirmByItself(apply, undo)
}

/**
 * Runs an apply whose intent is committed: its batches in order, then reading back, then the watch. Never throws:
 * what goes wrong is the apply's outcome; a bug is logged and leaves the apply as failed.
 */
export async function runApply(apply: RunningApply): Promise<void> {
  const release = holdLocks(apply)
  try {
    const undo = await armUndo(apply)
    const state = await verify(apply, await runBatches(apply), undo !== undefined)
    await release()
    if (undo !== undefined) await endUndo(apply, undo, state)
    readSoon(apply.hostIds)
    const checked = lookAtSaved(apply)
    if (state === 'verified') await watch(apply)
    await checked
  } catch (error) {
    if (!isLost(error))
      log.error('An apply ended by an error that is a bug', { applyId: apply.applyId, error })
    await endAfterBug(apply, release, error)
  } finally {
    publishApply(apply.applyId, { kind: 'ended' })
  }
}

/** Does what can still be done; where the database itself fails, the next start finds the apply interrupted. */
async function endAfterBug(apply: RunningApply, release: () => Promise<void>, error: unknown) {
  try {
    await endAsFailed(apply, error)
    await giveFences(apply.hostIds)
    await release()
  } catch (second) {
    log.error('The end of an apply could not be written', { applyId: apply.applyId, error: second })
  }
}

/**
 * One whose lease is lost is interrupted: what it came to is read by the recovery, under locks of its own, and its rows of
 * the ledger are settled there.
 */
async function endAsLost({ applyId, now }: RunningApply, lost: Conflict): Promise<void> {
  const failure = (await whyLost(lost)).toFailure()
  await inTransaction(async (tx) => {
    await endApply(tx, applyId, { state: 'interrupted', endedAt: now(), failure })
  })
}

async function endAsFailed(apply: RunningApply, error: unknown): Promise<void> {
  if (isLost(error)) return endAsLost(apply, error)
  const { applyId, now } = apply
  const failure: Failure =
    error instanceof TunboardError
      ? error.toFailure()
      : { code: 'NotVerified', reason: 'internal', values: {} }
  await inTransaction((tx) => endApply(tx, applyId, { state: 'failed', endedAt: now(), failure }))
}

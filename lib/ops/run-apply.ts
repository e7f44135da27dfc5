import { endApply, updateApplyWatch } from '@/lib/db/applies'
import { dropLedger, saveLedger } from '@/lib/db/ledger'
import { type Lease, releaseLocks, renewLocks } from '@/lib/db/locks'
import { inTransaction } from '@/lib/db/transaction'
import { type Failure, NotVerified, TunboardError } from '@/lib/errors'
import { log } from '@/lib/log'
import { settleLedger } from '@/lib/lvs/ledger-change'
import { isEmpty, type Plan } from '@/lib/lvs/plan'
import { planCluster } from '@/lib/lvs/plan-cluster'
import { publishApply } from './apply-events'
import type { Planned } from './plan-now'
import { readWorld } from './read-world'
import { runBatches } from './run-batches'
import { type Watch, watchEntries } from './watch-entries'

/** Renewed three times in the life of a lease (30 s): one slow write does not lose it. */
const RENEW_MS = 10_000

export type RunningApply = {
  applyId: string
  clusterName: string
  planned: Planned
  leases: readonly Lease[]
  now: () => Date
}

/** Keeps the leases while work goes on; the function that it returns stops that and gives them back. */
function holdLocks({ leases, now, applyId }: RunningApply): () => Promise<void> {
  const timer = setInterval(() => {
    renewLocks(leases, now()).catch((error: unknown) => {
      log.error('A lease could not be renewed', { applyId, error })
    })
  }, RENEW_MS)
  return async () => {
    clearInterval(timer)
    await releaseLocks(leases, now())
  }
}

/** Reads all hosts again: what they say is what became of the apply, whatever the commands returned. */
async function verify({ applyId, planned, now }: RunningApply, failure: Failure | undefined) {
  publishApply(applyId, { kind: 'phase', phase: 'verifying' })
  const { clusterId } = planned.plan
  const world = await readWorld(clusterId, { skipChecks: true })
  const left = planCluster(world)
  const { saved, dropped } = settleLedger(planned.plan, world.ledger, world.hosts)
  const problem = failure ?? (isEmpty(left) ? undefined : notVerified(left))
  const state = failure !== undefined ? 'failed' : isEmpty(left) ? 'verified' : 'not-verified'
  const watch: Watch = { state: 'watching', entries: [] }
  await inTransaction(async (tx) => {
    await saveLedger(tx, saved)
    await dropLedger(tx, dropped)
    await endApply(tx, applyId, {
      state,
      endedAt: now(),
      ...(problem === undefined ? { watch } : { failure: problem }),
    })
  })
  return state
}

function notVerified({ steps }: Plan): Failure {
  const difference = steps.map(({ hostName, argv }) => `${hostName}: ${argv.join(' ')}`).join('\n')
  return new NotVerified('not-verified', { count: steps.length, difference }).toFailure()
}

/** Watches the entries that were added for connections that are stuck; a note to the apply, not its outcome. */
async function watch({ applyId, planned }: RunningApply): Promise<void> {
  publishApply(applyId, { kind: 'phase', phase: 'watching' })
  const seen = await watchEntries(planned.plan)
  await updateApplyWatch(applyId, seen)
}

/**
 * Runs an apply whose intent is committed: its batches in order, then reading back, then the watch. Never throws:
 * what goes wrong is the apply's outcome; a bug is logged and leaves the apply as failed.
 */
export async function runApply(apply: RunningApply): Promise<void> {
  const release = holdLocks(apply)
  try {
    const failure = await runBatches(apply)
    const state = await verify(apply, failure)
    await release()
    if (state === 'verified') await watch(apply)
  } catch (error) {
    log.error('An apply ended by an error that is a bug', { applyId: apply.applyId, error })
    await release()
    await endAsFailed(apply, error)
  } finally {
    publishApply(apply.applyId, { kind: 'ended' })
  }
}

async function endAsFailed({ applyId, now }: RunningApply, error: unknown): Promise<void> {
  const failure: Failure =
    error instanceof TunboardError
      ? error.toFailure()
      : { code: 'NotVerified', reason: 'internal', values: {} }
  await inTransaction((tx) => endApply(tx, applyId, { state: 'failed', endedAt: now(), failure }))
}

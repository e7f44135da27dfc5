import { endBatch, type StepOutcome, startBatch } from '@/lib/db/apply-steps'
import { renewLocks } from '@/lib/db/locks'
import { inTransaction } from '@/lib/db/transaction'
import { CommandFailed, type Failure, NotVerified, TunboardError, Unreachable } from '@/lib/errors'
import { bulkCommand, isAsAdded, isBulk } from '@/lib/lvs/bulk'
import { itemValue } from '@/lib/lvs/item-value'
import type { Fates } from '@/lib/lvs/ledger-change'
import type { Plan, Step } from '@/lib/lvs/plan'
import { batchesOf, togetherOf } from '@/lib/lvs/plan-cluster'
import { HAS_MOVED, IS_LINK, NOT_WRITTEN } from '@/lib/lvs/put-file'
import type { Running } from '@/lib/lvs/running'
import { runFenced } from '@/lib/ssh/run'
import type { CommandResult } from '@/lib/ssh/run-batch'
import { publishApply } from './apply-events'
import { fatesOf } from './fates'
import { allOf } from './read-world'
import type { RunningApply } from './run-apply'
import { sshTarget } from './ssh-target'

type Batch = { index: number; first: number; steps: readonly Step[] }
type Report = { outcomes: StepOutcome[]; failure?: Failure }

/** What an outcome keeps of a result. */
function outcomeOf(step: Step, position: number, result: CommandResult | undefined): StepOutcome {
  if (step.argv.length === 0) return { position, state: 'done' } // a claim: the ledger alone
  if (result === undefined || result.outcome === 'skipped') return { position, state: 'skipped' }
  if (result.outcome === 'unknown') return { position, state: 'unknown' }
  const { exit, stdout, stderr, ms } = result
  const state = exit === 0 || step.mayFail ? 'done' : 'failed'
  return { position, state, ...(exit === undefined ? {} : { exit }), stdout, stderr, ms }
}

/** Modules built into a kernel are in no list; the plan after the apply shows whether they have effect. */
const isReadable = ({ item }: Step): boolean => item !== undefined && item.kind !== 'module'

/** An exit code of 0 is not believed: the first step whose item does not read back as written. */
function unbelieved(steps: readonly Step[], outcomes: readonly StepOutcome[], running: Running) {
  const unloads = steps.some(({ kind, change }) => kind === 'module' && change === 'remove')
  return steps.find((step, index) => {
    const item = step.item
    if (outcomes[index]?.state !== 'done' || item === undefined || !isReadable(step)) return false
    const now = itemValue(running, item)
    const gone = unloads && now === undefined // the device went with its module
    return now !== step.after && !gone
  })
}

/** What a failed command means, where its exit says it. */
function reasonOf({ kind }: Step, exit: number | undefined): string {
  if (kind === 'check') return 'real-server-silent'
  if (kind !== 'file') return 'command-failed'
  if (exit === IS_LINK) return 'file-is-link'
  if (exit === HAS_MOVED) return 'file-has-moved'
  return exit === NOT_WRITTEN ? 'file-not-written' : 'command-failed'
}

function failureOf(step: Step, result: CommandResult): Failure {
  const host = step.hostName
  if (result.outcome !== 'ran') return new Unreachable('closed', { host }).toFailure()
  const { argv, exit, stdout, stderr } = result
  const reason = reasonOf(step, exit)
  const values = { host, subject: step.subject }
  return new CommandFailed({ argv, exit, stdout, stderr }, values, reason).toFailure()
}

/** Steps with a command, each with its place among all steps of the batch. */
const commandsOf = ({ steps }: Batch) =>
  steps.map((step, place) => ({ step, place })).filter(({ step }) => step.argv.length > 0)

/** A sudoers entry for the commands that change something need not allow those that only look. */
const needsRoot = ({ kind }: Step): boolean => kind !== 'check' && kind !== 'settle'

const commandOf = ({ step }: { step: Step }) => ({
  argv: step.argv,
  root: needsRoot(step),
  mayFail: step.mayFail,
  ...(step.stdin !== undefined && { stdin: step.stdin }),
})

/** An exit of 0 that nobody read back is not known to have done anything. */
const unread = (outcomes: StepOutcome[]): StepOutcome[] =>
  outcomes.map((each) => (each.state === 'done' ? { ...each, state: 'unknown' } : each))

async function exchange(apply: RunningApply, batch: Batch): Promise<Report> {
  const { applyId } = apply
  const sent = commandsOf(batch)
  const [firstStep] = batch.steps
  if (firstStep === undefined) return { outcomes: [] }
  const target = await sshTarget(firstStep.hostId)
  const { results, running } = await runFenced(target, sent.map(commandOf), {
    fence: apply.fence,
    saved: apply.planned.files,
    onResult(result, index) {
      const at = sent[index]
      if (at === undefined) return
      const outcome = outcomeOf(at.step, batch.first + at.place, result)
      publishApply(applyId, { kind: 'step', ...outcome })
    },
  })
  const byPlace = new Map(sent.map(({ place }, index) => [place, results[index]]))
  const outcomes = batch.steps.map((step, place) =>
    outcomeOf(step, batch.first + place, byPlace.get(place)),
  )
  const bad = sent.findIndex(({ place }) => {
    const state = outcomes[place]?.state
    return state === 'failed' || state === 'unknown'
  })
  const [at, result] = [sent[bad], results[bad]]
  if (at !== undefined && result !== undefined)
    return { outcomes, failure: failureOf(at.step, result) }
  if (running instanceof TunboardError)
    return { outcomes: unread(outcomes), failure: running.toFailure() }
  return readBack(batch, outcomes, running)
}

function readBack({ steps, first }: Batch, outcomes: StepOutcome[], running: Running): Report {
  const doubted = unbelieved(steps, outcomes, running)
  if (doubted === undefined) return { outcomes }
  const position = first + steps.indexOf(doubted)
  const { hostName: host, subject, after = '-', item } = doubted
  const now = item === undefined ? '-' : (itemValue(running, item) ?? '-')
  return {
    outcomes: outcomes.map((each) =>
      each.position === position ? { ...each, state: 'failed' } : each,
    ),
    failure: new NotVerified('step-not-verified', {
      host,
      subject,
      wanted: after,
      now,
    }).toFailure(),
  }
}

/**
 * Sends a run of adds as one `ipvsadm -R`. It exits 0 whatever it refused, so each step's outcome is what reading back
 * shows; the first that is not as written ends the apply, and no later batch is sent.
 */
async function exchangeBulk(apply: RunningApply, batch: Batch): Promise<Report> {
  const [first] = batch.steps
  if (first === undefined) return { outcomes: [] }
  const { fence } = apply
  const command = { ...bulkCommand(batch.steps), root: true }
  const target = await sshTarget(first.hostId)
  const { results, running } = await runFenced(target, [command], { fence, saved: false })
  const [result] = results
  if (result?.outcome !== 'ran')
    return lost(batch, new Unreachable('closed', { host: first.hostName }))
  if (running instanceof TunboardError) return lost(batch, running)
  const { exit = 0, stderr, ms } = result
  const outcomes = batch.steps.map((step, place): StepOutcome => {
    const position = batch.first + place
    if (isAsAdded(step, running)) return { position, state: 'done', exit, ms }
    return { position, state: 'failed', exit, stderr, ms }
  })
  const refused = batch.steps.filter((_, place) => outcomes[place]?.state === 'failed')
  const [bad] = refused
  if (bad === undefined) return { outcomes }
  const values = { host: bad.hostName, subject: bad.subject, count: refused.length }
  const { argv } = bad
  const failure = new CommandFailed({ argv, exit, stdout: '', stderr }, values, 'lines-refused')
  return { outcomes, failure: failure.toFailure() }
}

/** Nothing was sent, or nobody knows what came of it: each step of the batch is unknown. */
function lost({ steps, first }: Batch, error: TunboardError): Report {
  const outcomes = steps.map((_, place) => ({ position: first + place, state: 'unknown' as const }))
  return { outcomes, failure: error.toFailure() }
}

async function runOne(apply: RunningApply, batch: Batch): Promise<Report> {
  const { applyId, leases, now } = apply
  await renewLocks(leases, now())
  await startBatch(applyId, batch.index, now())
  for (const [place] of batch.steps.entries())
    publishApply(applyId, { kind: 'step', position: batch.first + place, state: 'running' })
  const send = isBulk(batch.steps) ? exchangeBulk : exchange
  const report = await send(apply, batch).catch((error: unknown) => {
    if (error instanceof TunboardError) return lost(batch, error)
    throw error
  })
  await inTransaction((tx) => endBatch(tx, applyId, report.outcomes, now()))
  for (const outcome of report.outcomes) publishApply(applyId, { kind: 'step', ...outcome })
  return report
}

/** What came of all batches. */
export type Ran = { failure: Failure | undefined; fates: Fates }

/** Numbers batches and their steps as the journal does. */
function numbered(plan: Plan): Batch[] {
  let first = 0
  return batchesOf(plan.steps).map((steps, index) => {
    const batch = { index, first, steps }
    first += steps.length
    return batch
  })
}

/** Runs the batches of an apply in the law's order, hosts of one stage at once, and stops after the first failure. */
export async function runBatches(apply: RunningApply): Promise<Ran> {
  const { plan } = apply.planned
  const outcomes: StepOutcome[] = []
  let failure: Failure | undefined
  for (const group of togetherOf(numbered(plan))) {
    const reports = await allOf(group.map((batch) => runOne(apply, batch)))
    outcomes.push(...reports.flatMap((report) => report.outcomes))
    failure = reports.find((report) => report.failure !== undefined)?.failure
    if (failure !== undefined) break
  }
  return { failure, fates: fatesOf(apply.applyId, plan, outcomes) }
}

import { type ApplyUndo, updateApplyUndo } from '@/lib/db/apply-undo'
import { getPolicy } from '@/lib/db/cluster-policy'
import { inTransaction } from '@/lib/db/transaction'
import { CommandFailed, Conflict, Unreachable } from '@/lib/errors'
import type { Plan } from '@/lib/lvs/plan'
import type { Policy } from '@/lib/lvs/policy-form'
import type { HostState } from '@/lib/lvs/running'
import { type HostUndo, isRisky, planUndo } from '@/lib/lvs/timed-undo'
import { rowsTouched } from '@/lib/lvs/undo-ledger'
import { runBatch } from '@/lib/ssh/run'
import { armCommand, confirmCommand, undoScript } from '@/lib/ssh/undo-script'
import { allOf } from './read-world'
import type { RunningApply } from './run-apply'
import { sshTarget } from './ssh-target'

/** What a person chose for one apply; what is absent follows the policy of the cluster. */
export type UndoChoice = {
  /** `without`: no timer, for hosts whose sudoers allow single commands only. */
  timer?: 'with' | 'without'
  seconds?: number
  confirmBy?: Policy['confirmBy']
}

/** A timed undo that an apply arms before its first step. */
export type UndoPlan = Pick<ApplyUndo, 'seconds' | 'confirmBy'> & { hosts: readonly HostUndo[] }

/** Decides whether a plan gets a timed undo: where a step of it can cut a path, or always by policy. */
export function undoFor(plan: Plan, policy: Policy, choice: UndoChoice): UndoPlan | undefined {
  const { timer = 'with', seconds = policy.undoSeconds, confirmBy = policy.confirmBy } = choice
  if (timer === 'without') return undefined
  if (policy.timedUndo !== 'always' && !plan.steps.some(isRisky)) return undefined
  const hosts = planUndo(plan)
  return hosts.length === 0 ? undefined : { seconds, confirmBy, hosts }
}

/** Decides it for an apply of a cluster. */
export async function undoForCluster(
  clusterId: string,
  plan: Plan,
  choice: UndoChoice,
): Promise<UndoPlan | undefined> {
  return undoFor(plan, await getPolicy(clusterId), choice)
}

/** Arming takes two forks and a file; a host that needs longer would not undo in time either. */
const TIMEOUT_SECONDS = 8

async function run(hostId: string, argv: readonly string[], stdin?: string) {
  const target = await sshTarget(hostId)
  const command = { argv, root: true, timeoutSeconds: TIMEOUT_SECONDS }
  const [result] = await runBatch(target, [{ ...command, ...(stdin !== undefined && { stdin }) }])
  return { host: target.name, result }
}

async function armHost({ applyId, fence }: RunningApply, undo: HostUndo, seconds: number) {
  const argv = armCommand(applyId, seconds, fence.token, undo)
  const { host, result } = await run(undo.hostId, argv, undoScript(undo))
  if (result === undefined || result.outcome !== 'ran') throw new Unreachable('closed', { host })
  const { exit, stdout, stderr } = result
  if (exit === 0) return
  throw new CommandFailed(
    { argv: argv.slice(3), exit, stdout, stderr },
    { host, subject: 'tunboard-arm' },
    'undo-not-armed',
  )
}

/** Takes back what was armed of an apply that does not begin; a timer that goes off finds nothing to undo. */
async function disarm({ applyId }: RunningApply, hosts: readonly HostUndo[]): Promise<void> {
  await Promise.allSettled(hosts.map(({ hostId }) => run(hostId, confirmCommand(applyId))))
}

/**
 * Arms the timed undo of an apply on all its hosts, or on none: before its first step, after its intent is committed.
 * Throws CommandFailed('undo-not-armed') where a host could not be armed, Unreachable; nothing of the plan was sent then.
 */
export async function armUndo(apply: RunningApply): Promise<ApplyUndo | undefined> {
  const { undo: planned, applyId, now } = apply
  const { plan, ledger } = apply.planned
  if (planned === undefined) return undefined
  const { seconds, confirmBy, hosts } = planned
  const undo: ApplyUndo = {
    ...{ seconds, confirmBy, state: 'armed' },
    hosts: hosts.map(({ hostId, hostName }) => ({ hostId, hostName })),
    deadlineAt: new Date(now().getTime() + seconds * 1000).toISOString(),
    ledger: rowsTouched(plan, ledger),
  }
  await inTransaction((tx) => updateApplyUndo(tx, applyId, undo))
  try {
    await allOf(hosts.map((host) => armHost(apply, host, seconds)))
  } catch (error) {
    await disarm(apply, hosts)
    const { ledger: _, ...gone } = undo
    await inTransaction((tx) => updateApplyUndo(tx, applyId, { ...gone, state: 'gone' }))
    throw error
  }
  return undo
}

/** Refuses an apply on hosts where a timed undo is armed: it would undo what it knows nothing of. */
export function refuseArmed(hosts: readonly HostState[], now: Date): void {
  for (const { host, running } of hosts) {
    const armed = running?.undos?.find(({ state }) => state === 'armed' || state === 'undoing')
    if (armed === undefined) continue
    const seconds = Math.max(1, Math.round(armed.deadline - now.getTime() / 1000))
    throw new Conflict('undo-armed', { host: host.name, apply: armed.applyId, seconds })
  }
}

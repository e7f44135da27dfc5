import { listDesiredClusters } from '@/lib/db/clusters'
import { listDrains, updateDrain } from '@/lib/db/drains'
import { listLedger } from '@/lib/db/ledger'
import { replaceDesired } from '@/lib/db/replace-desired'
import type { Tx } from '@/lib/db/transaction'
import { Conflict } from '@/lib/errors'
import { hostsOf } from '@/lib/lvs/plan-world'
import { sameDesired } from '@/lib/lvs/revert'
import { openConflicts, type RevertChange, type RevertChoices } from '@/lib/lvs/revert-items'
import { formatServiceKey } from '@/lib/lvs/service'
import type { Fence } from '@/lib/ssh/batch'
import { applyJob, type Job, type Started } from './apply-job'
import type { UndoChoice } from './arm-undo'
import { changeDesiredIn, whyNot } from './change-desired'
import { checkServiceFree } from './check-service'
import type { Context } from './context'
import { type Planned, planNow } from './plan-now'
import { type RevertOf, readRevert } from './revert-desired'

/** The plan of taking an apply back, with what it makes desired. */
export type RevertPlan = {
  planned: Planned
  revert: RevertOf
  changes: readonly RevertChange[]
}

type Options = { choices: RevertChoices; skipChecks: boolean; fence?: Fence }

async function planOf(applyId: string, { choices, ...options }: Options): Promise<RevertPlan> {
  const revert = await readRevert(applyId, choices)
  const { desired: wished, changes, refusals, version, now } = revert
  const planned = await planNow(revert.apply.subject.id, { ...options, wished })
  const plan = { ...planned.plan, refusals: [...refusals, ...planned.plan.refusals] }
  const desiredVersion = sameDesired(wished, now) ? version : version + 1
  return { planned: { ...planned, plan, desiredVersion }, revert, changes }
}

/**
 * Plans to take an apply back, from what its hosts say now: the plan of what would be desired, while nothing is saved.
 * A conflict that nobody has chosen for stays as it is now. Throws NotFound, and Conflict with why it cannot be.
 */
export async function planRevert(
  applyId: string,
  { choices = {}, skipChecks = false }: Partial<Options> = {},
): Promise<RevertPlan> {
  return planOf(applyId, { choices, skipChecks })
}

/** Drains of entries that get another value now must not remove them: what they waited for is taken back. */
async function cancelDrainsOf(tx: Tx, { now, desired }: RevertOf, at: Date): Promise<void> {
  const all = ({ services }: RevertOf['now']) => services.flatMap(({ realServers }) => realServers)
  const weights = new Map(all(now).map(({ id, config }) => [id, config.weight]))
  const moved = all(desired).filter(({ id, config }) => weights.get(id) !== config.weight)
  const ids = new Set(moved.map(({ id }) => id))
  const states = ['waiting', 'ended', 'failed', 'removing'] as const
  for (const drain of await listDrains({ clusterId: now.id, states }, tx)) {
    if (!drain.realServerIds.some((id) => ids.has(id))) continue
    const from = ['waiting', 'ended', 'failed'] as const
    const change = { state: 'cancelled', updatedAt: at } as const
    if (!(await updateDrain(tx, { id: drain.id, from }, change))) throw new Conflict('drain-over')
  }
}

/** Writes what the revert makes desired, from the version that it was worked out from, in the commit of its intent. */
async function saveReverted(tx: Tx, context: Context, revert: RevertOf): Promise<void> {
  const { now, desired, version, changes, apply } = revert
  if (sameDesired(now, desired)) return
  const target = { clusterId: now.id, version }
  await changeDesiredIn(tx, context, target, 'revert-desired', async () => {
    const has = new Set(now.services.map(({ key }) => formatServiceKey(key)))
    for (const { key } of desired.services)
      if (!has.has(formatServiceKey(key))) await checkServiceFree(tx, desired.directors, key)
    await cancelDrainsOf(tx, revert, context.now())
    await replaceDesired(tx, desired)
    const back = changes.filter(({ state, choice }) => state === 'back' || choice === 'back')
    return { what: back.map(({ id }) => id).join(', '), of: apply.id }
  })
}

export type RevertRequest = {
  applyId: string
  /** The desired version that the person saw. */
  version: number
  /** The fingerprint of the plan that was read and approved. */
  fingerprint: string
  choices?: RevertChoices
  skipChecks?: boolean
  /** Refusals whose consequence the person accepted, by `Refusal.override`. */
  overrides?: readonly string[]
  /** How its timed undo is to be, where the person said so. */
  undo?: UndoChoice
  /** Nobody pressed a button: the cluster's policy says so. */
  byItself?: boolean
}

/** Refuses what nobody may apply: of another version than was seen, with choices left to make, or without an effect. */
async function check({ revert, planned, changes }: RevertPlan, version: number): Promise<void> {
  if (revert.version !== version) throw await whyNot({ clusterId: revert.now.id, version })
  const count = openConflicts(changes).length
  if (count > 0) throw new Conflict('revert-undecided', { count })
  const { steps, bookkeeping } = planned.plan
  if (steps.length + bookkeeping.length === 0 && sameDesired(revert.now, revert.desired))
    throw new Conflict('plan-empty')
}

/**
 * Takes an apply back: an apply of its own, of kind 'revert', whose commit writes the new desired version. The ledger is
 * not reverted: it follows from what is applied. Throws as `applyJob` does, and Conflict: `desired-moved`,
 * `revert-undecided`, `service-taken`, `drain-over`, or why the apply cannot be taken back.
 */
export async function revertApply(context: Context, request: RevertRequest): Promise<Started> {
  const { applyId, version, fingerprint, choices = {}, overrides = [], undo = {} } = request
  const { skipChecks = false, byItself = false } = request
  const first = await readRevert(applyId, choices)
  const { id: clusterId, name } = first.now
  const clusters = await listDesiredClusters()
  const wished = clusters.map((each) => (each.id === clusterId ? first.desired : each))
  const ledger = await listLedger()
  const touched = [...hostsOf(clusterId, clusters, ledger), ...hostsOf(clusterId, wished, ledger)]
  let latest = first
  const job: Job = {
    subject: { kind: 'cluster', id: clusterId, name },
    ...{ kind: 'revert', action: 'revert-apply', revertOf: applyId, mayBeEmpty: true, overrides },
    options: { skipChecks, choices, ...(byItself && { byItself }) },
    hostIds: [...new Set(touched)].sort(),
    undo: byItself ? { ...undo, confirmBy: 'server' } : undo,
    async plan(fence) {
      const reverted = await planOf(applyId, { choices, skipChecks, fence })
      await check(reverted, version)
      latest = reverted.revert
      return reverted.planned
    },
    commit: (tx) => saveReverted(tx, context, latest),
  }
  return applyJob(context, job, fingerprint)
}

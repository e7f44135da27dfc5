import { z } from 'zod'
import { type Failure, NotFound } from '@/lib/errors'
import type { DesiredCluster } from '@/lib/lvs/cluster'
import type { Plan, Step } from '@/lib/lvs/plan'
import type { Recovery } from '@/lib/lvs/recovery'
import { type AppliedDesired, CHANGES_RUNNING, desiredAround } from './applied-desired'
import { type JournalStep, toJournalStep } from './apply-steps'
import { database } from './client'
import type { Apply as ApplyRow, ApplyStep as StepRow } from './generated/client'
import { parseRow } from './json-column'
import { inTransaction, type Tx } from './transaction'

export const APPLY_STATES = [
  'running',
  'armed',
  'verified',
  'not-verified',
  'failed',
  'interrupted',
  'undone',
] as const
export type ApplyState = (typeof APPLY_STATES)[number]

export const APPLY_KINDS = [
  'apply',
  'drain',
  'remove',
  'debt',
  'revert',
  'adopt',
  'save',
  'put-back',
  'uninstall',
] as const
export type ApplyKind = (typeof APPLY_KINDS)[number]

/** What an apply is about: a cluster, or the files of one host; with its name as it was then. */
export type ApplySubject = { kind: 'cluster' | 'host'; id: string; name: string }

/** An apply without its steps and plan, for lists. */
export type ApplySummary = {
  id: string
  subject: ApplySubject
  kind: ApplyKind
  state: ApplyState
  desiredVersion: number
  startedBy: { userId: string; name: string }
  startedAt: Date
  endedAt?: Date
  failure?: Failure
  /** The apply that it takes back. */
  revertOf?: string
  /** What an interrupted apply came to, by reading its hosts; absent until that was done. */
  recovery?: Recovery & { at: string }
}

/** An apply as the journal has it. `options` and `watch` are the op's own JSON values. */
export type Apply = ApplySummary & {
  plan: Plan
  fingerprint: string
  options: unknown
  watch?: unknown
  /** Absent where it is about files, or was made by a Tunboard that did not remember it. */
  desired?: AppliedDesired
  steps: readonly JournalStep[]
}

const statesSchema = z.object({ kind: z.enum(APPLY_KINDS), state: z.enum(APPLY_STATES) })
const SUMMARY = {
  omit: { plan: true, fingerprint: true, options: true, watch: true, desired: true },
} as const

function toSummary(row: Omit<ApplyRow, keyof typeof SUMMARY.omit>): ApplySummary {
  const { id, clusterId, hostId, clusterName: name, desiredVersion } = row
  const { startedAt, endedAt, failure, recovery, revertOf } = row
  return {
    ...{ id, desiredVersion, startedAt },
    subject:
      hostId === null
        ? { kind: 'cluster', id: clusterId, name }
        : { kind: 'host', id: hostId, name },
    ...parseRow(statesSchema, row, `Apply ${id}`),
    startedBy: { userId: row.startedById, name: row.startedByName },
    ...(endedAt !== null && { endedAt }),
    ...(revertOf !== null && { revertOf }),
    // Written by endApply alone, from the type itself.
    ...(failure !== null && { failure: JSON.parse(failure) as Failure }),
    // Written by updateApplyRecovery alone, from the type itself.
    ...(recovery !== null && { recovery: JSON.parse(recovery) as Recovery & { at: string } }),
  }
}

function toApply(row: ApplyRow & { steps: StepRow[] }): Apply {
  return {
    ...toSummary(row),
    // The plan is kept as it was approved, in the types of that version of Tunboard.
    plan: JSON.parse(row.plan) as Plan,
    fingerprint: row.fingerprint,
    options: JSON.parse(row.options),
    ...(row.watch !== null && { watch: JSON.parse(row.watch) }),
    // Written by createApply alone, from the type itself.
    ...(row.desired !== null && { desired: JSON.parse(row.desired) as AppliedDesired }),
    steps: row.steps.map(toJournalStep),
  }
}

/** Reads an apply with its plan and steps; throws NotFound. */
export async function getApply(id: string, tx: Tx = database()): Promise<Apply> {
  const steps = { orderBy: { position: 'asc' } } as const
  const row = await tx.apply.findUnique({ where: { id }, include: { steps } })
  if (row === null) throw new NotFound('not-found', { noun: 'apply', id })
  return toApply(row)
}

export type ApplyFilter = {
  clusterId?: string
  hostId?: string
  state?: ApplyState
  /** Those that take this apply back. */
  revertOf?: string
  /** Those alone that change what runs: a save changes files, and says nothing of debts or drift. */
  changes?: 'running'
  limit?: number
}

/** Lists applies, the newest first: of one cluster, about the files of one host, in one state, or all. */
export async function listApplies(
  { clusterId, hostId, state, revertOf, changes, limit = 50 }: ApplyFilter = {},
  tx: Tx = database(),
): Promise<ApplySummary[]> {
  const rows = await tx.apply.findMany({
    ...SUMMARY,
    where: {
      ...(clusterId !== undefined && { clusterId }),
      ...(hostId !== undefined && { hostId }),
      ...(state !== undefined && { state }),
      ...(revertOf !== undefined && { revertOf }),
      ...(changes !== undefined && { kind: CHANGES_RUNNING }),
    },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    take: limit,
  })
  return rows.map(toSummary)
}

export type NewApply = {
  /** Made by the caller, because the ledger's rows of the same commit name it. */
  id: string
  subject: ApplySubject
  kind: ApplyKind
  plan: Plan
  fingerprint: string
  desiredVersion: number
  options: unknown
  startedBy: { userId: string; name: string }
  startedAt: Date
  /** What is desired of the cluster that it takes to its hosts; what was before it is looked up. */
  desired?: DesiredCluster
  revertOf?: string
  /** In order; `batch` numbers the exchange that each belongs to. */
  steps: readonly { step: Step; batch: number }[]
}

/** Writes an apply, running, with all its steps waiting; the ledger's intended rows belong in the same transaction. */
export async function createApply(tx: Tx, apply: NewApply): Promise<void> {
  const { steps, plan, options, startedBy, subject, desired: after, ...columns } = apply
  const desired = await desiredAround(tx, subject, after)
  await tx.apply.create({
    data: {
      ...columns,
      clusterId: subject.kind === 'cluster' ? subject.id : '',
      ...(subject.kind === 'host' && { hostId: subject.id }),
      clusterName: subject.name,
      state: 'running',
      plan: JSON.stringify(plan),
      options: JSON.stringify(options),
      ...(desired !== undefined && { desired: JSON.stringify(desired) }),
      startedById: startedBy.userId,
      startedByName: startedBy.name,
    },
  })
  await tx.applyStep.createMany({
    data: steps.map(({ step, batch }, position) => ({
      ...{ applyId: apply.id, position, batch, state: 'waiting' },
      ...{ hostId: step.hostId, step: JSON.stringify(step) },
    })),
  })
}

/** Ends a running apply; the steps that were not reached become skipped. */
export async function endApply(
  tx: Tx,
  id: string,
  end: {
    state: Exclude<ApplyState, 'running'>
    endedAt: Date
    failure?: Failure
    watch?: unknown
  },
): Promise<void> {
  const { failure, watch, ...columns } = end
  await tx.apply.update({
    where: { id },
    data: {
      ...columns,
      ...(failure !== undefined && { failure: JSON.stringify(failure) }),
      ...(watch !== undefined && { watch: JSON.stringify(watch) }),
    },
  })
  await tx.applyStep.updateMany({
    where: { applyId: id, state: 'waiting' },
    data: { state: 'skipped' },
  })
}

/** Writes what the watch after an apply saw. */
export async function updateApplyWatch(id: string, watch: unknown): Promise<void> {
  await inTransaction(async (tx) => {
    await tx.apply.update({ where: { id }, data: { watch: JSON.stringify(watch) } })
  })
}

/** Writes what an interrupted apply came to. */
export async function updateApplyRecovery(
  tx: Tx,
  id: string,
  recovery: Recovery & { at: string },
): Promise<void> {
  await tx.apply.update({ where: { id }, data: { recovery: JSON.stringify(recovery) } })
}

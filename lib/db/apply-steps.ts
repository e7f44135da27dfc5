import { z } from 'zod'
import type { Step } from '@/lib/lvs/plan'
import type { ApplyStep as StepRow } from './generated/client'
import { parseRow } from './json-column'
import { inTransaction, type Tx } from './transaction'

export const STEP_STATES = ['waiting', 'running', 'done', 'failed', 'skipped', 'unknown'] as const
export type StepState = (typeof STEP_STATES)[number]

/** One step of the journal: what was to be done, and what came of it. */
export type JournalStep = {
  position: number
  hostId: string
  step: Step
  /** The exchange that it belongs to, the journal's unit. */
  batch: number
  state: StepState
  exit?: number
  stdout?: string
  stderr?: string
  ms?: number
  startedAt?: Date
  endedAt?: Date
}

const stateSchema = z.object({ state: z.enum(STEP_STATES) })

/** Reads a row of ApplyStep. */
export function toJournalStep(row: StepRow): JournalStep {
  const { position, hostId, batch, exit, stdout, stderr, ms, startedAt, endedAt } = row
  return {
    ...{ position, hostId, batch },
    ...parseRow(stateSchema, row, `ApplyStep ${row.applyId} ${position}`),
    // Kept as it was approved, in the types of that version of Tunboard.
    step: JSON.parse(row.step) as Step,
    ...(exit !== null && { exit }),
    ...(stdout !== null && { stdout }),
    ...(stderr !== null && { stderr }),
    ...(ms !== null && { ms }),
    ...(startedAt !== null && { startedAt }),
    ...(endedAt !== null && { endedAt }),
  }
}

/**
 * Writes that a batch is about to be sent, in one statement: committed before its first byte, so that after a crash
 * nobody believes that its steps were never sent. Until `endBatch` a step that is running means "unknown".
 */
export async function startBatch(applyId: string, batch: number, at: Date): Promise<void> {
  await inTransaction(async (tx) => {
    await tx.applyStep.updateMany({
      where: { applyId, batch, state: 'waiting' },
      data: { state: 'running', startedAt: at },
    })
  })
}

/** What came of one step. */
export type StepOutcome = {
  position: number
  state: Extract<StepState, 'done' | 'failed' | 'skipped' | 'unknown'>
  exit?: number
  stdout?: string
  stderr?: string
  ms?: number
}

/** Writes what came of a batch's steps, in one statement after reading back. */
export async function endBatch(
  tx: Tx,
  applyId: string,
  outcomes: readonly StepOutcome[],
  at: Date,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE "ApplyStep" SET
      "state" = o.value->>'state', "exit" = o.value->>'exit', "ms" = o.value->>'ms',
      "stdout" = o.value->>'stdout', "stderr" = o.value->>'stderr', "endedAt" = ${at}
    FROM json_each(${JSON.stringify(outcomes)}) AS o
    WHERE "applyId" = ${applyId} AND "position" = o.value->>'position'`
}

/**
 * Ends what a crash left running: those applies become interrupted, their steps that were sent unknown, the others
 * skipped. Called once, at the start, before anything is applied. Returns the ids of the applies.
 */
export async function interruptApplies(tx: Tx, at: Date): Promise<string[]> {
  const running = await tx.apply.findMany({ where: { state: 'running' }, select: { id: true } })
  const applies = running.map(({ id }) => id)
  const steps = { applyId: { in: applies } }
  await tx.applyStep.updateMany({
    where: { ...steps, state: 'running' },
    data: { state: 'unknown', endedAt: at },
  })
  await tx.applyStep.updateMany({
    where: { ...steps, state: 'waiting' },
    data: { state: 'skipped' },
  })
  await tx.apply.updateMany({
    where: { id: { in: applies } },
    data: { state: 'interrupted', endedAt: at },
  })
  // A watch that a crash cut short saw nothing more.
  await tx.$executeRaw`
    UPDATE "Apply" SET "watch" = json_set("watch", '$.state', 'done')
    WHERE json_extract("watch", '$.state') = 'watching'`
  return applies
}

import { overridesOf } from '@/app/_components/overrides'
import type { StepProgress } from '@/app/_components/step-progress'
import { type StepView, toStepView } from '@/app/_components/step-view'
import type { Apply } from '@/lib/db/applies'
import type { ApplyUndo } from '@/lib/db/apply-undo'
import type { Note } from '@/lib/lvs/plan'
import type { Reason } from '@/lib/lvs/reason'
import type { Recovery } from '@/lib/lvs/recovery'
import type { ApplyEvent } from '@/lib/ops/apply-events'
import type { Watch } from '@/lib/ops/watch-entries'
import type { RevertView } from './read-revert-view'

/** What the stream of an apply carries. */
export type HeardEvent = ApplyEvent
export type HeardPhase = Extract<ApplyEvent, { kind: 'phase' }>['phase']
export type WatchView = Watch

/** An apply as the journal has it, as plain data for the browser. */
export type ApplySnapshot = Pick<Apply, 'id' | 'subject' | 'kind' | 'state' | 'failure'> & {
  startedBy: string
  startedAt: number
  endedAt: number | undefined
  watch: Watch | undefined
  steps: readonly { step: StepView; progress: StepProgress }[]
  /** What the plan left as it is. */
  notes: readonly Note[]
  /** What the plan did only because this person accepted it. */
  accepted: readonly Reason[]
  /** What it came to, where Tunboard was stopped while it ran and its hosts were read afterwards. */
  recovery: Recovery | undefined
  /** It changed what runs, and a reboot would lose that. */
  isUnsaved: boolean
  /** Its timed undo, while that is armed as far as Tunboard knows. */
  undo:
    | { confirmBy: ApplyUndo['confirmBy']; deadlineAt: number; hosts: readonly string[] }
    | undefined
  /** Absent for an apply of files. */
  revert: RevertView | undefined
}

/** The refusals that were accepted, as the plan said them then. */
function acceptedOf({ options, plan }: Apply): Reason[] {
  const accepted = new Set(overridesOf(options))
  return plan.refusals
    .filter(({ override }) => override !== undefined && accepted.has(override))
    .map(({ why }) => why)
}

/** What it has to do with reverting, as the browser gets it. */
export type RevertSnapshot = RevertView

function undoOf(undo: ApplyUndo | undefined): ApplySnapshot['undo'] {
  if (undo?.state !== 'armed') return undefined
  const hosts = undo.hosts.map(({ hostName }) => hostName)
  return { confirmBy: undo.confirmBy, deadlineAt: Date.parse(undo.deadlineAt), hosts }
}

/** Makes what the page of an apply shows. */
export function snapshotOf(
  apply: Apply,
  {
    isUnsaved,
    revert,
    undo,
  }: Pick<ApplySnapshot, 'isUnsaved' | 'revert'> & { undo: ApplyUndo | undefined },
): ApplySnapshot {
  const { id, subject, kind, state, failure, startedBy, startedAt, plan } = apply
  return {
    ...{ id, subject, kind, state, isUnsaved, revert, notes: plan.notes },
    accepted: acceptedOf(apply),
    undo: undoOf(undo),
    ...(failure !== undefined && { failure }),
    startedBy: startedBy.name,
    startedAt: startedAt.getTime(),
    endedAt: apply.endedAt?.getTime(),
    // Written by watch-entries alone, from the type itself.
    watch: apply.watch as Watch | undefined,
    recovery: apply.recovery,
    steps: apply.steps.map(({ step, state: progress, exit, stdout, stderr, ms }) => ({
      step: toStepView(step),
      progress: { state: progress, exit, stdout, stderr, ms },
    })),
  }
}

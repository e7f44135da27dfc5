import type { Step } from '@/lib/lvs/plan'
import { diffFile, type FileDiff } from './file-diff'

/** A step as the browser gets it: of a file what changes in it, not its whole texts. */
export type StepView = Omit<Step, 'stdin' | 'undoStdin'> & { diff?: FileDiff }

/** Makes what a page shows of a step. */
export function toStepView({ stdin: _, undoStdin: __, ...step }: Step): StepView {
  if (step.kind !== 'file') return step
  const { before, after, ...rest } = step
  // A backup is deleted unread: it has no item, and no text.
  if (step.item === undefined) return rest
  const why = after === undefined ? { ...rest.why, code: 'why.remove-file' } : rest.why
  return { ...rest, why, diff: diffFile(before, after) }
}

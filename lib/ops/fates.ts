import type { JournalStep, StepOutcome } from '@/lib/db/apply-steps'
import { isBulk } from '@/lib/lvs/bulk'
import type { Fates } from '@/lib/lvs/ledger-change'
import type { Plan } from '@/lib/lvs/plan'
import { batchesOf } from '@/lib/lvs/plan-cluster'

type Known = Pick<StepOutcome, 'position' | 'exit'> & Pick<JournalStep, 'state'>

/**
 * Sorts the steps of an apply by what its journal knows of them; one without an outcome was never sent. A command that
 * exited with 0 and did not read back as written was carried out: somebody changed it since. A line of `-R` has no exit of
 * its own, and failed where reading back does not show it.
 */
export function fatesOf(
  applyId: string,
  { steps }: Pick<Plan, 'steps'>,
  outcomes: readonly Known[],
): Fates {
  const known = new Map(outcomes.map((each) => [each.position, each]))
  const batches = batchesOf(steps)
  const lines = new Set(batches.filter(isBulk).flatMap((batch) => batch.map(({ id }) => id)))
  const [unknown, refused, unsent] = [new Set<string>(), new Set<string>(), new Set<string>()]
  for (const [position, { id }] of batches.flat().entries()) {
    const { state = 'waiting', exit } = known.get(position) ?? {}
    if (state === 'unknown' || state === 'running') unknown.add(id)
    else if (state === 'skipped' || state === 'waiting') unsent.add(id)
    else if (state === 'failed' && (exit !== 0 || lines.has(id))) refused.add(id)
  }
  return { applyId, unknown, refused, unsent }
}

import { redirect } from 'next/navigation'
import { z } from 'zod'
import { paths } from '@/app/paths'
import { Conflict } from '@/lib/errors'
import { integerField, listField, versionField } from '@/lib/lvs/form'
import { CONFIRM_BY, UNDO_SECONDS } from '@/lib/lvs/policy-form'
import type { Started } from '@/lib/ops/apply-job'
import type { UndoChoice } from '@/lib/ops/arm-undo'
import { explainMove, type Moved } from '@/lib/ops/explain-move'

/** What every form with a plan sends of the page that it stood on; `overrides`: the refusals that were accepted. */
export const seenFields = {
  version: versionField,
  readAt: z.coerce.number().int(),
  overrides: listField(z.string().min(1)),
  undoTimer: z.enum(['with', 'without']).optional(),
  undoSeconds: integerField(UNDO_SECONDS.min, UNDO_SECONDS.max, 'undo-seconds.invalid').optional(),
  confirmBy: z.enum(CONFIRM_BY).optional(),
}
type Seen = Pick<z.output<z.ZodObject<typeof seenFields>>, 'version' | 'readAt'>

type UndoFields = Pick<
  z.output<z.ZodObject<typeof seenFields>>,
  'undoTimer' | 'undoSeconds' | 'confirmBy'
>

/** How the person wants the timed undo of this apply; what the form does not say follows the policy. */
export const undoChoiceOf = ({ undoTimer, undoSeconds, confirmBy }: UndoFields): UndoChoice => ({
  ...(undoTimer !== undefined && { timer: undoTimer }),
  ...(undoSeconds !== undefined && { seconds: undoSeconds }),
  ...(confirmBy !== undefined && { confirmBy }),
})

/** What an action says that applied nothing, because the plan is another one now. */
export type Explained = { moved: Moved }

const MOVED: ReadonlySet<string> = new Set(['plan-moved', 'desired-moved'])

/** Goes to the page of the apply that was started; where the plan has moved, tells what moved it instead. */
export async function applyOrExplain(
  clusterId: string,
  { version, readAt }: Seen,
  start: () => Promise<Started>,
): Promise<Explained> {
  const started = await start().catch((error: unknown) => {
    if (error instanceof Conflict && MOVED.has(error.reason)) return undefined
    throw error
  })
  if (started !== undefined) redirect(paths.apply(started.applyId))
  return { moved: await explainMove(clusterId, { version, readAt: new Date(readAt) }) }
}

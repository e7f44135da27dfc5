import { redirect } from 'next/navigation'
import { z } from 'zod'
import { paths } from '@/app/paths'
import { Conflict } from '@/lib/errors'
import { listField, versionField } from '@/lib/lvs/form'
import type { Started } from '@/lib/ops/apply-job'
import { explainMove, type Moved } from '@/lib/ops/explain-move'

/** What every form with a plan sends of the page that it stood on; `overrides`: the refusals that were accepted. */
export const seenFields = {
  version: versionField,
  readAt: z.coerce.number().int(),
  overrides: listField(z.string().min(1)),
}
type Seen = Pick<z.output<z.ZodObject<typeof seenFields>>, 'version' | 'readAt'>

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

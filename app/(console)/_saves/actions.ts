'use server'

import { refresh } from 'next/cache'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { action } from '@/app/action'
import { contextOf } from '@/app/op-context'
import { paths } from '@/app/paths'
import { Conflict } from '@/lib/errors'
import { idField, listField } from '@/lib/lvs/form'
import { readSurvival } from '@/lib/ops/check-saved'
import { putBack } from '@/lib/ops/put-back'
import { saveRules } from '@/lib/ops/save-rules'
import { uninstall } from '@/lib/ops/uninstall'
import { parseIncluded } from './included'

/** The plan that was approved is not true any more: the page must show the one that is. */
function showAgain(error: unknown): never {
  if (error instanceof Conflict) refresh()
  throw error
}

const scopeSchema = z.object({ kind: z.enum(['cluster', 'host']), id: idField })

/** The one click: plans and saves; what it refuses is explained by the page of the plan. */
export const saveNowAction = action(
  { role: 'operator', schema: scopeSchema },
  async (scope, session) => {
    const started = await saveRules(contextOf(session), { scope }).catch(async (error: unknown) => {
      if (!(error instanceof Conflict)) throw error
      const { reason } = error.toFailure()
      if (reason === 'plan-refused') return undefined
      // Where all is in files already, what is shown of them is old.
      if (reason === 'plan-empty') await readSurvival(scope)
      return showAgain(error)
    })
    redirect(started === undefined ? paths.savePlan(scope) : paths.apply(started.applyId))
  },
)

const planSchema = scopeSchema.extend({ fingerprint: idField, include: listField(z.string()) })

export const saveRulesAction = action(
  { role: 'operator', schema: planSchema },
  async ({ kind, id, fingerprint, include }, session) => {
    const request = { scope: { kind, id }, fingerprint, include: parseIncluded(include) }
    const { applyId } = await saveRules(contextOf(session), request).catch(showAgain)
    redirect(paths.apply(applyId))
  },
)

export const putBackAction = action(
  { role: 'operator', schema: z.object({ saveId: idField, fingerprint: idField }) },
  async (input, session) => {
    const { applyId } = await putBack(contextOf(session), input).catch(showAgain)
    redirect(paths.apply(applyId))
  },
)

export const uninstallAction = action(
  { role: 'operator', schema: z.object({ hostId: idField, fingerprint: idField }) },
  async (input, session) => {
    const { applyId } = await uninstall(contextOf(session), input).catch(showAgain)
    redirect(paths.apply(applyId))
  },
)

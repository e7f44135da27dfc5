'use server'

import { refresh } from 'next/cache'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { action } from '@/app/action'
import { contextOf } from '@/app/op-context'
import { paths } from '@/app/paths'
import { Conflict } from '@/lib/errors'
import { checkbox, idField } from '@/lib/lvs/form'
import { applyPlan } from '@/lib/ops/apply-plan'

const schema = z.object({ clusterId: idField, fingerprint: idField, skipChecks: checkbox })

export const applyPlanAction = action({ role: 'operator', schema }, async (input, session) => {
  const { applyId } = await applyPlan(contextOf(session), input).catch((error: unknown) => {
    // The plan that was approved is not true any more: the page must show the one that is.
    if (error instanceof Conflict) refresh()
    throw error
  })
  redirect(paths.apply(applyId))
})

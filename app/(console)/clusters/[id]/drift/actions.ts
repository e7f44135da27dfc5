'use server'

import { action } from '@/app/action'
import { contextOf } from '@/app/op-context'
import { ignoreDriftSchema, stopIgnoringSchema, takeTheirsSchema } from '@/lib/lvs/drift-form'
import { ignoreDrift, stopIgnoring } from '@/lib/ops/ignore-drift'
import { takeTheirs } from '@/lib/ops/take-theirs'

export const takeTheirsAction = action(
  { role: 'operator', schema: takeTheirsSchema },
  async ({ drifts, ...target }, session) => {
    await takeTheirs(contextOf(session), target, drifts)
  },
)

export const ignoreDriftAction = action(
  { role: 'operator', schema: ignoreDriftSchema },
  async (request, session) => ignoreDrift(contextOf(session), request),
)

export const stopIgnoringAction = action(
  { role: 'operator', schema: stopIgnoringSchema },
  async (request, session) => stopIgnoring(contextOf(session), request),
)

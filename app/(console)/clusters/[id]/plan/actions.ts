'use server'

import { z } from 'zod'
import { applyOrExplain, seenFields, undoChoiceOf } from '@/app/(console)/_plan/apply-or-explain'
import { action } from '@/app/action'
import { contextOf } from '@/app/op-context'
import { checkbox, idField } from '@/lib/lvs/form'
import { applyPlan } from '@/lib/ops/apply-plan'

const schema = z.object({
  ...{ clusterId: idField, fingerprint: idField, skipChecks: checkbox },
  ...seenFields,
})

export const applyPlanAction = action(
  { role: 'operator', schema },
  async ({ version, readAt, undoTimer, undoSeconds, confirmBy, ...request }, session) =>
    applyOrExplain(request.clusterId, { version, readAt }, () =>
      applyPlan(contextOf(session), {
        ...request,
        undo: undoChoiceOf({ undoTimer, undoSeconds, confirmBy }),
      }),
    ),
)

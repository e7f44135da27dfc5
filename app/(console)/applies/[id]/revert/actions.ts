'use server'

import { z } from 'zod'
import { applyOrExplain, seenFields, undoChoiceOf } from '@/app/(console)/_plan/apply-or-explain'
import { action } from '@/app/action'
import { contextOf } from '@/app/op-context'
import { checkbox, idField, listField } from '@/lib/lvs/form'
import { revertApply } from '@/lib/ops/revert-apply'
import { parseChoices } from './choices'

const schema = z.object({
  ...{ applyId: idField, clusterId: idField, fingerprint: idField, skipChecks: checkbox },
  ...{ keep: listField(idField), back: listField(idField) },
  ...seenFields,
})

export const revertApplyAction = action(
  { role: 'operator', schema },
  async ({ clusterId, keep, back, readAt, ...given }, session) => {
    const { undoTimer, undoSeconds, confirmBy, ...request } = given
    const undo = undoChoiceOf({ undoTimer, undoSeconds, confirmBy })
    const choices = parseChoices({ keep, back })
    return applyOrExplain(clusterId, { version: request.version, readAt }, () =>
      revertApply(contextOf(session), { ...request, choices, undo }),
    )
  },
)

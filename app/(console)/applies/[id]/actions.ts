'use server'

import { z } from 'zod'
import { action } from '@/app/action'
import { contextOf } from '@/app/op-context'
import { idField } from '@/lib/lvs/form'
import { confirmApply } from '@/lib/ops/confirm-undo'
import { undoNow } from '@/lib/ops/watch-undos'

const schema = z.object({ applyId: idField })

export const confirmApplyAction = action(
  { role: 'operator', schema },
  async ({ applyId }, session) => confirmApply(contextOf(session), applyId),
)

export const undoNowAction = action({ role: 'operator', schema }, async ({ applyId }, session) =>
  undoNow(contextOf(session), applyId),
)

'use server'

import { action } from '@/app/action'
import { contextOf } from '@/app/op-context'
import { lockFormSchema } from '@/lib/lvs/lock-form'
import { breakLock } from '@/lib/ops/break-lock'

export const breakLockAction = action(
  { role: 'operator', schema: lockFormSchema },
  async (form, session) => breakLock(contextOf(session), form),
)

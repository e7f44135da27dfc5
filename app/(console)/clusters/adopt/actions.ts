'use server'

import { refresh } from 'next/cache'
import { redirect } from 'next/navigation'
import { action } from '@/app/action'
import { contextOf } from '@/app/op-context'
import { paths } from '@/app/paths'
import { Conflict } from '@/lib/errors'
import { adoptFormSchema } from '@/lib/lvs/adopt-form'
import { adoptCluster } from '@/lib/ops/adopt-cluster'

export const adoptClusterAction = action(
  { role: 'operator', schema: adoptFormSchema },
  async (form, session) => {
    const id = await adoptCluster(contextOf(session), form).catch((error: unknown) => {
      // What was shown is not true any more: the page must show what is.
      if (error instanceof Conflict) refresh()
      throw error
    })
    redirect(paths.clusterPlan(id))
  },
)

'use server'

import { redirect } from 'next/navigation'
import { action } from '@/app/action'
import { contextOf } from '@/app/op-context'
import { paths } from '@/app/paths'
import { clusterFormSchema } from '@/lib/lvs/cluster-form'
import { createCluster } from '@/lib/ops/create-cluster'

export const createClusterAction = action(
  { role: 'operator', schema: clusterFormSchema },
  async (form, session) => {
    redirect(paths.clusterPlan(await createCluster(contextOf(session), form)))
  },
)

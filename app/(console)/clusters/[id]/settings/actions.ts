'use server'

import { redirect } from 'next/navigation'
import { action } from '@/app/action'
import { contextOf } from '@/app/op-context'
import { paths } from '@/app/paths'
import { editCluster } from '@/lib/ops/edit-cluster'
import { settingsSchema } from './schema'

export const editClusterAction = action(
  { role: 'operator', schema: settingsSchema },
  async ({ name, options, ...target }, session) => {
    await editCluster(contextOf(session), target, { name, options })
    redirect(paths.clusterPlan(target.clusterId))
  },
)

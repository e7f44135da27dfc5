'use server'

import { redirect } from 'next/navigation'
import { action } from '@/app/action'
import { contextOf } from '@/app/op-context'
import { paths } from '@/app/paths'
import { policyFormSchema } from '@/lib/lvs/policy-form'
import { editCluster } from '@/lib/ops/edit-cluster'
import { editPolicy } from '@/lib/ops/edit-policy'
import { settingsSchema } from './schema'

export const editClusterAction = action(
  { role: 'operator', schema: settingsSchema },
  async ({ name, options, ...target }, session) => {
    await editCluster(contextOf(session), target, { name, options })
    redirect(paths.clusterPlan(target.clusterId))
  },
)

export const editPolicyAction = action(
  { role: 'operator', schema: policyFormSchema },
  async (form, session) => editPolicy(contextOf(session), form),
)

'use server'

import { redirect } from 'next/navigation'
import { action } from '@/app/action'
import { contextOf } from '@/app/op-context'
import { paths } from '@/app/paths'
import { addService } from '@/lib/ops/add-service'
import { editService } from '@/lib/ops/edit-service'
import { removeService } from '@/lib/ops/remove-service'
import { editServiceSchema, newServiceSchema, serviceTargetSchema } from './schemas'

export const addServiceAction = action(
  { role: 'operator', schema: newServiceSchema },
  async ({ service, realServers, ...target }, session) => {
    await addService(contextOf(session), target, { service, realServers })
    redirect(paths.clusterPlan(target.clusterId))
  },
)

export const editServiceAction = action(
  { role: 'operator', schema: editServiceSchema },
  async ({ service, ...target }, session) => {
    await editService(contextOf(session), target, service)
    redirect(paths.clusterPlan(target.clusterId))
  },
)

export const removeServiceAction = action(
  { role: 'operator', schema: serviceTargetSchema },
  async (target, session) => {
    await removeService(contextOf(session), target)
    redirect(paths.clusterPlan(target.clusterId))
  },
)

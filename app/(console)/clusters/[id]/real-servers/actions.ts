'use server'

import { redirect } from 'next/navigation'
import { action } from '@/app/action'
import { contextOf } from '@/app/op-context'
import { paths } from '@/app/paths'
import { addRealServer } from '@/lib/ops/add-real-server'
import { editRealServer } from '@/lib/ops/edit-real-server'
import { removeRealServer } from '@/lib/ops/remove-real-server'
import { setWeights } from '@/lib/ops/set-weights'
import {
  editRealServerSchema,
  newRealServerSchema,
  realServersSchema,
  weightSchema,
} from './schemas'

export const addRealServerAction = action(
  { role: 'operator', schema: newRealServerSchema },
  async ({ clusterId, version, serviceIds, ...realServer }, session) => {
    await addRealServer(contextOf(session), { clusterId, version, serviceIds }, realServer)
    redirect(paths.clusterPlan(clusterId))
  },
)

export const editRealServerAction = action(
  { role: 'operator', schema: editRealServerSchema },
  async ({ name, config, ...target }, session) => {
    await editRealServer(contextOf(session), target, { name, config })
    redirect(paths.clusterPlan(target.clusterId))
  },
)

/** Sets one weight for all that are named; 0 quiesces them. */
export const setWeightAction = action(
  { role: 'operator', schema: weightSchema },
  async ({ realServerIds, weight, ...target }, session) => {
    const weights = Object.fromEntries(realServerIds.map((id) => [id, weight]))
    await setWeights(contextOf(session), target, weights)
    redirect(paths.clusterPlan(target.clusterId))
  },
)

export const removeRealServersAction = action(
  { role: 'operator', schema: realServersSchema },
  async (target, session) => {
    await removeRealServer(contextOf(session), target)
    redirect(paths.clusterPlan(target.clusterId))
  },
)

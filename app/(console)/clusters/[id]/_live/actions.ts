'use server'

import { redirect } from 'next/navigation'
import { z } from 'zod'
import { action } from '@/app/action'
import { contextOf } from '@/app/op-context'
import { paths } from '@/app/paths'
import { clusterTarget } from '@/lib/lvs/cluster-form'
import { idField, listField } from '@/lib/lvs/form'
import { removeRealServer } from '@/lib/ops/remove-real-server'
import { setWeights } from '@/lib/ops/set-weights'
import { drainFormSchema, startDrain } from '@/lib/ops/start-drain'
import { undoDrain } from '@/lib/ops/undo-drain'

// Each of these changes desired only, and leads to the plan: nothing goes to a host from here.

const some = listField(idField).pipe(z.array(z.string()).min(1, 'required'))

const drain = z.object({ ...drainFormSchema.shape, realServerIds: some })

export const startDrainAction = action(
  { role: 'operator', schema: drain },
  async (form, session) => {
    await startDrain(contextOf(session), form)
    redirect(paths.clusterPlan(form.clusterId))
  },
)

const undo = z.object({ drainId: idField })

export const undoDrainAction = action({ role: 'operator', schema: undo }, async (form, session) => {
  const { clusterId } = await undoDrain(contextOf(session), form)
  redirect(paths.clusterPlan(clusterId))
})

const one = z.object({ ...clusterTarget, realServerId: idField })

export const quiesceAction = action({ role: 'operator', schema: one }, async (form, session) => {
  const { realServerId, ...target } = form
  await setWeights(contextOf(session), target, { [realServerId]: 0 })
  redirect(paths.clusterPlan(target.clusterId))
})

export const removeAction = action({ role: 'operator', schema: one }, async (form, session) => {
  const { realServerId, ...target } = form
  await removeRealServer(contextOf(session), { ...target, realServerIds: [realServerId] })
  redirect(paths.clusterPlan(target.clusterId))
})

'use server'

import { redirect } from 'next/navigation'
import { z } from 'zod'
import { action } from '@/app/action'
import { contextOf } from '@/app/op-context'
import { paths } from '@/app/paths'
import { clusterTarget } from '@/lib/lvs/cluster-form'
import { deleteCluster } from '@/lib/ops/delete-cluster'
import { releaseCluster } from '@/lib/ops/release-cluster'
import { takeDownCluster } from '@/lib/ops/take-down-cluster'

const schema = z.object(clusterTarget)

export const takeDownClusterAction = action(
  { role: 'operator', schema },
  async (target, session) => {
    await takeDownCluster(contextOf(session), target)
    redirect(paths.clusterPlan(target.clusterId))
  },
)

export const deleteClusterAction = action({ role: 'operator', schema }, async (target, session) => {
  await deleteCluster(contextOf(session), target)
  redirect(paths.clusters)
})

export const releaseClusterAction = action(
  { role: 'operator', schema },
  async (target, session) => {
    await releaseCluster(contextOf(session), target)
    redirect(paths.clusters)
  },
)

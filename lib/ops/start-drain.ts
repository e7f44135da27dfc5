import { z } from 'zod'
import { getDesiredCluster } from '@/lib/db/clusters'
import { createDrain, listDrains } from '@/lib/db/drains'
import { inTransaction } from '@/lib/db/transaction'
import { Conflict } from '@/lib/errors'
import { clusterTarget } from '@/lib/lvs/cluster-form'
import type { Context } from './context'
import { findRealServers } from './find-desired'
import { setWeights } from './set-weights'

/** At least long enough to see the first counts; a day is what the longest maintenance window waits. */
export const drainFormSchema = z.object({
  ...clusterTarget,
  realServerIds: z.array(z.string().min(1)).min(1),
  deadlineSeconds: z.coerce
    .number()
    .int()
    .min(10, 'deadline.invalid')
    .max(86_400, 'deadline.invalid'),
})
export type DrainForm = z.output<typeof drainFormSchema>

/**
 * Begins to drain real servers: desired weight 0 in each of the services given, and the wait recorded, which begins when
 * the hosts say weight 0. Nothing goes to a host before the plan is applied. Returns the new desired version.
 * Throws Conflict: `already-draining`, `desired-moved`; NotFound.
 */
export async function startDrain(context: Context, form: DrainForm): Promise<number> {
  const { clusterId, version, realServerIds, deadlineSeconds } = form
  const found = findRealServers(await getDesiredCluster(clusterId), realServerIds)
  const waiting = await listDrains({ clusterId, states: ['waiting', 'ended', 'removing'] })
  const twice = found.find(({ id }) => waiting.some((drain) => drain.realServerIds.includes(id)))
  if (twice !== undefined) throw new Conflict('already-draining', { name: twice.name })
  const zero = Object.fromEntries(realServerIds.map((id) => [id, 0]))
  const next = await setWeights(context, { clusterId, version }, zero)
  const startedAt = context.now()
  const { userId, name } = context.actor
  await inTransaction((tx) =>
    createDrain(tx, {
      clusterId,
      realServerIds,
      startedAt,
      deadlineAt: new Date(startedAt.getTime() + deadlineSeconds * 1000),
      weightBefore: Object.fromEntries(found.map(({ id, config }) => [id, config.weight])),
      startedBy: { userId, name },
    }),
  )
  return next
}

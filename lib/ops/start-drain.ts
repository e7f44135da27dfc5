import { z } from 'zod'
import { createDrain, listDrains } from '@/lib/db/drains'
import { updateRealServer } from '@/lib/db/real-servers'
import { Conflict } from '@/lib/errors'
import { clusterTarget } from '@/lib/lvs/cluster-form'
import { formatRealServerKey } from '@/lib/lvs/service'
import { changeDesired } from './change-desired'
import type { Context } from './context'
import { findRealServers } from './find-desired'

/** At least long enough to see the first counts; a day is what the longest maintenance window waits. */
export const drainFormSchema = z.object({
  ...clusterTarget,
  realServerIds: z.array(z.string().min(1)).min(1).max(1000),
  deadlineSeconds: z.coerce
    .number({ error: 'deadline.invalid' })
    .int('deadline.invalid')
    .min(10, 'deadline.invalid')
    .max(86_400, 'deadline.invalid'),
})
export type DrainForm = z.output<typeof drainFormSchema>

/**
 * Begins to drain real servers: in one transaction desired weight 0 in each of the services given, and the wait, whose
 * time runs from when the hosts say weight 0. Nothing goes to a host before the plan is applied. Returns the new desired
 * version. Throws Conflict: `already-draining`, `desired-moved`; NotFound.
 */
export async function startDrain(context: Context, form: DrainForm): Promise<number> {
  const { clusterId, version, realServerIds, deadlineSeconds } = form
  return changeDesired(context, { clusterId, version }, 'start-drain', async (tx, cluster) => {
    const found = findRealServers(cluster, realServerIds)
    const waiting = await listDrains({ clusterId, states: ['waiting', 'ended', 'removing'] }, tx)
    const twice = found.find(({ id }) => waiting.some((drain) => drain.realServerIds.includes(id)))
    if (twice !== undefined) throw new Conflict('already-draining', { name: twice.name })
    for (const each of found)
      await updateRealServer(tx, { ...each, config: { ...each.config, weight: 0 } })
    const startedAt = context.now()
    const { userId, name } = context.actor
    await createDrain(tx, {
      clusterId,
      realServerIds,
      startedAt,
      deadlineAt: new Date(startedAt.getTime() + deadlineSeconds * 1000),
      weightBefore: Object.fromEntries(found.map(({ id, config }) => [id, config.weight])),
      startedBy: { userId, name },
    })
    return { what: found.map(({ key }) => formatRealServerKey(key)).join(', ') }
  })
}

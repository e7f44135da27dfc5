import { getCluster } from '@/lib/db/clusters'
import { getDrain, updateDrain } from '@/lib/db/drains'
import { updateRealServer } from '@/lib/db/real-servers'
import { Conflict } from '@/lib/errors'
import { formatRealServerKey } from '@/lib/lvs/service'
import { changeDesired } from './change-desired'
import type { Context } from './context'

/**
 * Takes a drain back: in one transaction the drain ends and the weights are as before in desired, ready to be planned
 * and applied. Returns the cluster. Throws Conflict('drain-over') where the entries are being removed already; NotFound.
 */
export async function undoDrain(
  context: Context,
  { drainId }: { drainId: string },
): Promise<{ clusterId: string }> {
  const { clusterId, weightBefore } = await getDrain(drainId)
  const { version } = await getCluster(clusterId)
  await changeDesired(context, { clusterId, version }, 'undo-drain', async (tx, cluster) => {
    const from = ['waiting', 'ended', 'failed'] as const
    const change = { state: 'cancelled', updatedAt: context.now() } as const
    if (!(await updateDrain(tx, { id: drainId, from }, change))) throw new Conflict('drain-over')
    const all = cluster.services.flatMap(({ realServers }) => realServers)
    const found = all.filter(({ id }) => weightBefore[id] !== undefined)
    for (const each of found) {
      const weight = weightBefore[each.id] ?? each.config.weight
      await updateRealServer(tx, { ...each, config: { ...each.config, weight } })
    }
    return { what: found.map(({ key }) => formatRealServerKey(key)).join(', ') }
  })
  return { clusterId }
}

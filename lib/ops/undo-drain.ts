import { getCluster } from '@/lib/db/clusters'
import { getDrain, updateDrain } from '@/lib/db/drains'
import { inTransaction } from '@/lib/db/transaction'
import { Conflict } from '@/lib/errors'
import type { Context } from './context'
import { setWeights } from './set-weights'

/**
 * Takes a drain back: the weights as before in desired, ready to be planned and applied. Returns the cluster.
 * Throws Conflict('drain-over') where the entries are being removed already; NotFound.
 */
export async function undoDrain(
  context: Context,
  { drainId }: { drainId: string },
): Promise<{ clusterId: string }> {
  const { clusterId, weightBefore } = await getDrain(drainId)
  const updatedAt = context.now()
  const cancelled = await inTransaction((tx) =>
    updateDrain(
      tx,
      { id: drainId, from: ['waiting', 'ended', 'failed'] },
      { state: 'cancelled', updatedAt },
    ),
  )
  if (!cancelled) throw new Conflict('drain-over')
  const { desired, version } = await getCluster(clusterId)
  const known = new Set(
    desired.services.flatMap(({ realServers }) => realServers.map(({ id }) => id)),
  )
  const weights = Object.entries(weightBefore).filter(([id]) => known.has(id))
  if (weights.length > 0)
    await setWeights(context, { clusterId, version }, Object.fromEntries(weights))
  return { clusterId }
}

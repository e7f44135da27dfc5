import { listApplies } from '@/lib/db/applies'
import { getCluster, removeCluster } from '@/lib/db/clusters'
import { cancelDrains } from '@/lib/db/drains'
import { dropDriftOf } from '@/lib/db/drift'
import { dropLedger, listLedger, saveLedger } from '@/lib/db/ledger'
import { releaseLocks, takeLocks } from '@/lib/db/locks'
import { forgetSavedItems } from '@/lib/db/saves'
import type { Tx } from '@/lib/db/transaction'
import { Conflict } from '@/lib/errors'
import type { ClusterTarget } from '@/lib/lvs/cluster-form'
import { changeDesired } from './change-desired'
import type { Context } from './context'

/** Forgets the rows of a cluster; those that others use too stay theirs. Returns how many it had. */
async function forgetRows(tx: Tx, clusterId: string): Promise<number> {
  const rows = await listLedger({ clusterId }, tx)
  const left = rows.map((row) => ({
    ...row,
    clusters: row.clusters.filter((each) => each !== clusterId),
  }))
  await saveLedger(
    tx,
    left.filter(({ clusters }) => clusters.length > 0),
  )
  await dropLedger(
    tx,
    left.filter(({ clusters }) => clusters.length === 0),
  )
  return rows.length
}

/**
 * Forgets a cluster and everything of it in the ledger, and touches nothing on any host: what runs goes on as it is, and is
 * nobody's. Its files stay too. Throws NotFound, and Conflict: 'desired-moved', 'apply-running', 'locked'.
 */
export async function releaseCluster(context: Context, target: ClusterTarget): Promise<void> {
  const { clusterId } = target
  const { name } = (await getCluster(clusterId)).desired
  const hostIds = [...new Set((await listLedger({ clusterId })).map(({ hostId }) => hostId))]
  const taking = { owner: context.actor.name, reason: `release ${name}`, now: context.now() }
  const leases = await takeLocks(hostIds, taking)
  try {
    await changeDesired(context, target, 'release-cluster', async (tx) => {
      const running = await listApplies({ clusterId, state: 'running' }, tx)
      if (running.length > 0) throw new Conflict('apply-running', { cluster: name })
      const items = await forgetRows(tx, clusterId)
      await forgetSavedItems(tx, clusterId)
      await dropDriftOf(tx, clusterId)
      await cancelDrains(tx, clusterId, context.now())
      await removeCluster(tx, clusterId, context.now())
      return { what: name, items }
    })
  } finally {
    await releaseLocks(leases, context.now())
  }
}

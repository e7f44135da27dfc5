import { listApplies } from '@/lib/db/applies'
import { getCluster, removeCluster } from '@/lib/db/clusters'
import { cancelDrains } from '@/lib/db/drains'
import { dropDriftOf } from '@/lib/db/drift'
import { getHostRefs } from '@/lib/db/hosts'
import { listLedger } from '@/lib/db/ledger'
import type { Tx } from '@/lib/db/transaction'
import { Conflict, Unreachable } from '@/lib/errors'
import type { ClusterTarget } from '@/lib/lvs/cluster-form'
import { readRunning } from '@/lib/ssh/read-running'
import { changeDesired } from './change-desired'
import type { Context } from './context'
import { sshTarget } from './ssh-target'

async function hostsWith(clusterId: string, tx?: Tx): Promise<string[]> {
  const rows = await listLedger({ clusterId }, tx)
  return [...new Set(rows.map(({ hostId }) => hostId))]
}

async function isReachable(hostId: string): Promise<boolean> {
  try {
    await readRunning(await sshTarget(hostId))
    return true
  } catch (error) {
    if (error instanceof Unreachable) return false
    throw error
  }
}

/** Names the hosts that have something of the cluster and cannot be reached, where it has to stay for now. */
async function unreachableWith(clusterId: string): Promise<Set<string>> {
  const hostIds = await hostsWith(clusterId)
  const reachable = await Promise.all(hostIds.map(isReachable))
  return new Set(hostIds.filter((_, index) => reachable[index] === false))
}

/**
 * Deletes a cluster of which nothing is on a host any more, or only on hosts that cannot be reached: that stays in the
 * ledger as debts. Throws NotFound, and Conflict: 'desired-moved', 'cluster-on-hosts' with the hosts that can be
 * reached (take it down and apply that first), 'apply-running'.
 */
export async function deleteCluster(context: Context, target: ClusterTarget): Promise<void> {
  const { clusterId } = target
  const { name } = (await getCluster(clusterId)).desired
  const unreachable = await unreachableWith(clusterId)
  await changeDesired(context, target, 'delete-cluster', async (tx) => {
    const running = await listApplies({ clusterId, state: 'running' }, tx)
    if (running.length > 0) throw new Conflict('apply-running', { cluster: name })
    const left = (await hostsWith(clusterId, tx)).filter((hostId) => !unreachable.has(hostId))
    if (left.length > 0) {
      const hosts = (await getHostRefs(left, tx)).map((host) => host.name).join(', ')
      throw new Conflict('cluster-on-hosts', { cluster: name, hosts })
    }
    await cancelDrains(tx, clusterId, context.now())
    await dropDriftOf(tx, clusterId)
    await removeCluster(tx, clusterId, context.now())
    return { what: name, debts: unreachable.size }
  })
}

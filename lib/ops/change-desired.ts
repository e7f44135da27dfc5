import { type AuditDetail, listAuditEvents } from '@/lib/db/audit'
import { getCluster, raiseClusterVersion } from '@/lib/db/clusters'
import { inTransaction, type Tx } from '@/lib/db/transaction'
import { Conflict, NotFound } from '@/lib/errors'
import type { DesiredCluster } from '@/lib/lvs/cluster'
import type { ClusterTarget } from '@/lib/lvs/cluster-form'
import type { Context } from './context'
import { recordEvent } from './record-event'

type Change = (tx: Tx, cluster: DesiredCluster) => Promise<AuditDetail>

/** Changes what is desired of a cluster as `changeDesired` does, in a transaction that does more than that. */
export async function changeDesiredIn(
  tx: Tx,
  context: Context,
  { clusterId, version }: ClusterTarget,
  action: string,
  change: Change,
): Promise<number> {
  if (!(await raiseClusterVersion(tx, clusterId, version))) {
    throw await whyNot({ clusterId, version }, tx)
  }
  const { desired } = await getCluster(clusterId, tx)
  const changed = await change(tx, desired)
  await recordEvent(tx, context, action, {
    subject: `cluster:${clusterId}`,
    detail: { cluster: desired.name, version: version + 1, ...changed },
  })
  return version + 1
}

/**
 * Changes what is desired of a cluster, from the version that the operator saw, and returns the new version.
 * `change` gets the cluster as it is, and tells what the audit trail keeps of it; what it throws undoes everything.
 * Throws NotFound, and Conflict('desired-moved') with who changed what last when the version is not the newest.
 */
export async function changeDesired(
  context: Context,
  target: ClusterTarget,
  action: string,
  change: Change,
): Promise<number> {
  return inTransaction((tx) => changeDesiredIn(tx, context, target, action, change))
}

/** Says why a version of what is desired is not the newest: who changed it last, or that the cluster is gone. */
export async function whyNot(
  { clusterId, version }: ClusterTarget,
  tx?: Tx,
): Promise<Conflict | NotFound> {
  const stored = await getCluster(clusterId, tx)
  if (stored.deletedAt !== undefined) {
    return new NotFound('not-found', { noun: 'cluster', id: clusterId })
  }
  const events = await listAuditEvents({ subject: `cluster:${clusterId}`, limit: 1 }, tx)
  const last = events[0]
  return new Conflict('desired-moved', {
    cluster: stored.desired.name,
    changes: stored.version - version,
    who: last?.userName ?? '',
    action: last?.action ?? '',
    what: String(last?.detail.what ?? ''),
    at: (last?.at ?? stored.updatedAt).toISOString(),
  })
}

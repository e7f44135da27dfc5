import { getPolicy, savePolicy } from '@/lib/db/cluster-policy'
import { getCluster } from '@/lib/db/clusters'
import { inTransaction } from '@/lib/db/transaction'
import { NotFound } from '@/lib/errors'
import type { PolicyForm } from '@/lib/lvs/policy-form'
import type { Context } from './context'
import { recordEvent } from './record-event'

/** Changes how carefully a cluster is changed; desired and its version stay. Throws NotFound. */
export async function editPolicy(
  context: Context,
  { clusterId, ...policy }: PolicyForm,
): Promise<void> {
  await inTransaction(async (tx) => {
    const { desired, deletedAt } = await getCluster(clusterId, tx)
    if (deletedAt !== undefined) throw new NotFound('not-found', { noun: 'cluster', id: clusterId })
    const before = await getPolicy(clusterId, tx)
    await savePolicy(tx, clusterId, policy)
    const changed = Object.entries(policy).flatMap(([name, value]) => {
      const was = before[name as keyof typeof before]
      return was === value ? [] : [[name, `${was} → ${value}`]]
    })
    await recordEvent(tx, context, 'edit-policy', {
      subject: `cluster:${clusterId}`,
      detail: { cluster: desired.name, ...Object.fromEntries(changed) },
    })
  })
}

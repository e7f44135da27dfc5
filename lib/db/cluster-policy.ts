import { DEFAULT_POLICY, type Policy, policySchema } from '@/lib/lvs/policy-form'
import { database } from './client'
import { parseRow } from './json-column'
import type { Tx } from './transaction'

/** Reads how carefully a cluster is changed; the defaults where nobody has said so. */
export async function getPolicy(clusterId: string, tx: Tx = database()): Promise<Policy> {
  const row = await tx.clusterPolicy.findUnique({ where: { clusterId } })
  return row === null ? DEFAULT_POLICY : parseRow(policySchema, row, `ClusterPolicy ${clusterId}`)
}

/** Writes how carefully a cluster is changed. */
export async function savePolicy(tx: Tx, clusterId: string, policy: Policy): Promise<void> {
  await tx.clusterPolicy.upsert({
    where: { clusterId },
    create: { clusterId, ...policy },
    update: policy,
  })
}

import { z } from 'zod'
import {
  type AppliedSnapshot,
  getAppliedSnapshot,
  listLatestApplied,
} from '@/lib/db/applied-desired'
import { getDesiredCluster, listClusterVersions } from '@/lib/db/clusters'
import type { Tx } from '@/lib/db/transaction'
import type { DesiredCluster } from '@/lib/lvs/cluster'
import type { Compared } from '@/lib/lvs/drift'

// What was applied never changes, what is desired only with its version: both may be large, and are read once. Next.js
// loads modules several times in one process.
type Known = {
  desired: Map<string, { version: number; desired: DesiredCluster }>
  applied: Map<string, AppliedSnapshot>
}
const shared = globalThis as { tunboardCompared?: Known }
const known = (): Known => {
  shared.tunboardCompared ??= { desired: new Map(), applied: new Map() }
  return shared.tunboardCompared
}

/** What the clusters are compared with, and a text that changes with it. */
export type DriftInputs = { clusters: readonly Compared[]; stamp: string }

const optionsSchema = z.object({ open: z.array(z.string()).default([]) })

/** Reads what the stamp of `readDriftInputs` is made of: whether it still holds is asked before anything is written. */
export async function readDriftStamp(tx?: Tx) {
  const [versions, applied] = [await listClusterVersions(tx), await listLatestApplied(tx)]
  const stamp = [...versions]
    .sort()
    .map(([id, version]) => `${id} ${version} ${applied.get(id) ?? ''}`)
  return { versions, applied, stamp: stamp.join('\n') }
}

async function desiredOf(id: string, version: number): Promise<DesiredCluster> {
  const cached = known().desired.get(id)
  if (cached?.version === version) return cached.desired
  const desired = await getDesiredCluster(id)
  known().desired.set(id, { version, desired })
  return desired
}

async function snapshotOf(clusterId: string, applyId: string): Promise<AppliedSnapshot> {
  const cached = known().applied.get(clusterId)
  if (cached?.applyId === applyId) return cached
  const snapshot = await getAppliedSnapshot(applyId)
  known().applied.set(clusterId, snapshot)
  return snapshot
}

function comparedOf(desired: DesiredCluster, snapshot: AppliedSnapshot | undefined): Compared {
  const applied = snapshot?.desired
  if (snapshot === undefined || applied === undefined) return { desired, open: 'all' }
  const { open } = optionsSchema.parse(snapshot.options)
  return { desired, applied, open: snapshot.complete ? new Set(open) : 'all' }
}

/** Reads every cluster as it is desired and as it was last seen to run. */
export async function readDriftInputs(): Promise<DriftInputs> {
  const { versions, applied, stamp } = await readDriftStamp()
  const clusters: Compared[] = []
  for (const [id, version] of versions) {
    const applyId = applied.get(id)
    const snapshot = applyId === undefined ? undefined : await snapshotOf(id, applyId)
    clusters.push(comparedOf(await desiredOf(id, version), snapshot))
  }
  return { clusters, stamp }
}

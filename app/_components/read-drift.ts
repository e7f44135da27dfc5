import { cache } from 'react'
import { type DriftCount, listDriftCounts } from '@/lib/db/drift'
import { listReadings } from '@/lib/db/host-readings'
import { getHostRefs } from '@/lib/db/hosts'
import { listLedger } from '@/lib/db/ledger'
import type { DesiredCluster } from '@/lib/lvs/cluster'
import { hostsOf } from '@/lib/lvs/plan-world'

/** How much drifted without being ignored, and since when (ms). */
export type DriftState = { count: number; since: number }

const sum = (counts: readonly DriftCount[]): DriftState | undefined =>
  counts.length === 0
    ? undefined
    : {
        count: counts.reduce((total, { count }) => total + count, 0),
        since: Math.min(...counts.map(({ since }) => since.getTime())),
      }

const readCounts = cache(() => listDriftCounts())

/** Reads how much of a cluster drifted; `undefined` = nothing that was read. */
export async function readDriftState(clusterId: string): Promise<DriftState | undefined> {
  return sum((await readCounts()).filter((each) => each.clusterId === clusterId))
}

/** Reads how much drifted on a host, whatever cluster it is of. */
export async function readHostDrift(hostId: string): Promise<DriftState | undefined> {
  return sum((await readCounts()).filter((each) => each.hostId === hostId))
}

/** When a host was last read by schedule, and since when it cannot be. */
export type ReadingView = { host: string; readAt?: number; failing: boolean }

/** Reads when each host of a cluster was last read by schedule, the oldest first. */
export async function readReadings(cluster: DesiredCluster): Promise<ReadingView[]> {
  const ids = hostsOf(cluster.id, [cluster], await listLedger())
  const [hosts, readings] = [await getHostRefs(ids), await listReadings(ids)]
  return hosts
    .map(({ id, name }) => {
      const found = readings.find(({ hostId }) => hostId === id)
      return {
        host: name,
        failing: found?.failure !== undefined,
        ...(found?.readAt !== undefined && { readAt: found.readAt.getTime() }),
      }
    })
    .sort((a, b) => (a.readAt ?? 0) - (b.readAt ?? 0))
}

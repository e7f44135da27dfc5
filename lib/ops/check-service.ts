import { listDesiredClusters } from '@/lib/db/clusters'
import type { Tx } from '@/lib/db/transaction'
import { Conflict } from '@/lib/errors'
import type { DesiredDirector } from '@/lib/lvs/cluster'
import { formatServiceKey, type ServiceKey } from '@/lib/lvs/service'

/**
 * Checks that no cluster has the same virtual service on one of these directors: a director's table holds a key once,
 * and two clusters would take it from each other. Throws Conflict('service-taken').
 */
export const checkServiceFree = (
  tx: Tx,
  directors: readonly Pick<DesiredDirector, 'hostId'>[],
  key: ServiceKey,
): Promise<void> => checkServicesFree(tx, directors, [key])

/** Checks the same of many services at once. Throws Conflict('service-taken'), which names the first. */
export async function checkServicesFree(
  tx: Tx,
  directors: readonly Pick<DesiredDirector, 'hostId'>[],
  keys: readonly ServiceKey[],
): Promise<void> {
  const hostIds = directors.map(({ hostId }) => hostId)
  const wanted = new Set(keys.map(formatServiceKey))
  for (const cluster of await listDesiredClusters(tx)) {
    const director = cluster.directors.find(({ hostId }) => hostIds.includes(hostId))
    if (director === undefined) continue
    const service = cluster.services
      .map(({ key }) => formatServiceKey(key))
      .find((name) => wanted.has(name))
    if (service === undefined) continue
    throw new Conflict('service-taken', {
      ...{ service, cluster: cluster.name, director: director.name },
    })
  }
}

import { listDesiredClusters } from '@/lib/db/clusters'
import type { Tx } from '@/lib/db/transaction'
import { Conflict } from '@/lib/errors'
import type { DesiredDirector } from '@/lib/lvs/cluster'
import { formatServiceKey, type ServiceKey, sameService } from '@/lib/lvs/service'

/**
 * Checks that no cluster has the same virtual service on one of these directors: a director's table holds a key once,
 * and two clusters would take it from each other. Throws Conflict('service-taken').
 */
export async function checkServiceFree(
  tx: Tx,
  directors: readonly Pick<DesiredDirector, 'hostId'>[],
  key: ServiceKey,
): Promise<void> {
  const hostIds = directors.map(({ hostId }) => hostId)
  for (const cluster of await listDesiredClusters(tx)) {
    const director = cluster.directors.find(({ hostId }) => hostIds.includes(hostId))
    if (director === undefined) continue
    if (!cluster.services.some((service) => sameService(service.key, key))) continue
    throw new Conflict('service-taken', {
      ...{ service: formatServiceKey(key), cluster: cluster.name, director: director.name },
    })
  }
}

import { NotFound } from '@/lib/errors'
import type { DesiredCluster, DesiredRealServer, DesiredService } from '@/lib/lvs/cluster'

/** Finds a virtual service of a cluster; throws NotFound. */
export function findService({ services }: DesiredCluster, id: string): DesiredService {
  const service = services.find((candidate) => candidate.id === id)
  if (service === undefined) throw new NotFound('not-found', { noun: 'service', id })
  return service
}

/** Finds real servers of a cluster, in whichever of its services they are; throws NotFound for the first unknown. */
export function findRealServers(
  { services }: DesiredCluster,
  ids: readonly string[],
): DesiredRealServer[] {
  const all = new Map(services.flatMap(({ realServers }) => realServers.map((it) => [it.id, it])))
  return ids.map((id) => {
    const realServer = all.get(id)
    if (realServer === undefined) throw new NotFound('not-found', { noun: 'real-server', id })
    return realServer
  })
}

import { listApplies } from '@/lib/db/applies'
import type { StoredCluster } from '@/lib/db/clusters'
import { listDrains } from '@/lib/db/drains'
import { listLedger } from '@/lib/db/ledger'
import { formatEndpoint } from '@/lib/lvs/address'
import type { DesiredRealServer, DesiredService } from '@/lib/lvs/cluster'
import { formatTableKey } from '@/lib/lvs/parse-ipvs'
import { formatRealServerKey, formatServiceKey, type ServiceKey } from '@/lib/lvs/service'
import { historyKey } from './count-history'
import type { PageFacts } from './page-facts'
import type { DesiredView, DrainView, ServiceView } from './real-server-view'

/** The chart shows ten minutes; an apply before them has no place on it. */
const APPLIES_MS = 10 * 60_000

function realServerView({ id, key, name, config, hostId }: DesiredRealServer): DesiredView {
  return {
    ...{ id, name, key: formatRealServerKey(key), rip: key.rip, weight: config.weight },
    ...(hostId !== undefined && { hostId }),
  }
}

function endpointOf(key: ServiceKey): { endpoint: string; protocol?: string } {
  if (key.kind === 'fwmark') return { endpoint: formatServiceKey(key) }
  return { endpoint: formatEndpoint(key.vip, key.port), protocol: key.protocol }
}

function serviceView({ id, key, config, realServers }: DesiredService): ServiceView {
  return {
    ...{ id, key: formatTableKey(key), ...endpointOf(key) },
    ...{ scheduler: config.scheduler, flags: config.flags },
    ...(config.persistence !== undefined && { persistence: config.persistence.timeoutSeconds }),
    realServers: realServers.map(realServerView),
  }
}

async function readDrains(clusterId: string): Promise<DrainView[]> {
  const drains = await listDrains({ clusterId, states: ['waiting', 'removing'] })
  return drains.map(({ id, state, realServerIds, startedAt, deadlineAt, startedBy }) => ({
    ...{ id, realServerIds, isRemoving: state === 'removing' },
    ...{ startedAt: startedAt.getTime(), deadlineAt: deadlineAt.getTime() },
    startedBy: startedBy.name,
  }))
}

/** Reads what the database tells of a cluster for its page, as plain data. */
export async function readFacts(cluster: StoredCluster, mayChange: boolean): Promise<PageFacts> {
  const { id, directors, services } = cluster.desired
  const ledger = await listLedger({ clusterId: id })
  const applies = await listApplies({ clusterId: id, changes: 'running', limit: 10 })
  const since = Date.now() - APPLIES_MS
  return {
    ...{ clusterId: id, version: cluster.version, mayChange },
    directors,
    services: services.map(serviceView),
    drains: await readDrains(id),
    ours: ledger.flatMap(({ item }) =>
      item.kind === 'entry'
        ? [historyKey(formatTableKey(item.service), formatRealServerKey(item.realServer))]
        : [],
    ),
    isNeverApplied: ledger.length === 0,
    applies: applies.map(({ startedAt }) => startedAt.getTime()).filter((at) => at > since),
  }
}

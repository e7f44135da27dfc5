import type { DesiredCluster } from './cluster'
import { findEntry, findService } from './item-value'
import { formatItem } from './ledger'
import type { Plan } from './plan'
import type { Running, RunningRealServer } from './running'
import type { RealServerKey, ServiceKey } from './service'

/** One entry that is being drained: a real server in one virtual service. */
export type Drained = {
  id: string
  service: ServiceKey
  realServer: RealServerKey
  /** The service is persistent: its templates bring clients back even to a quiesced entry. */
  persistent: boolean
}

/** Finds the entries of a drain in what is desired; those that somebody removed meanwhile are left out. */
export function drainedEntries({ services }: DesiredCluster, ids: readonly string[]): Drained[] {
  return services.flatMap(({ key: service, config, realServers }) =>
    realServers
      .filter(({ id }) => ids.includes(id))
      .map(({ id, key: realServer }) => ({
        id,
        service,
        realServer,
        persistent: config.persistence !== undefined,
      })),
  )
}

/**
 * Counts the connections of drained entries on one director, active and inactive; `undefined` while the director has
 * not quiesced them, or its table was not read: unknown is not 0.
 */
export function countDrained(
  running: Running,
  entries: readonly Drained[],
): { active: number; inactive: number } | undefined {
  const known = entries.every(({ service }) => findService(running, service) !== undefined)
  const found = entries
    .map(({ service, realServer }) => findEntry(running, service, realServer))
    .filter((entry): entry is RunningRealServer => entry !== undefined)
  const unsettled = found.some(({ config, active }) => config.weight !== 0 || active === undefined)
  if (!known || unsettled) return undefined
  return {
    active: found.reduce((sum, { active = 0 }) => sum + active, 0),
    inactive: found.reduce((sum, { inactive = 0 }) => sum + inactive, 0),
  }
}

/** Tells whether a plan does nothing else than remove what was drained, and clean up on its real servers. */
export function removesOnly({ steps }: Plan, entries: readonly Drained[]): boolean {
  const allowed = new Set(
    entries.map(({ service, realServer }) => formatItem({ kind: 'entry', service, realServer })),
  )
  return steps.every(({ item, change, phase }) => {
    if (item === undefined) return false
    return phase >= 40 || (change === 'remove' && allowed.has(formatItem(item)))
  })
}

import { findService } from './item-value'
import type { Plan } from './plan'
import type { HostState, RunningRealServer } from './running'
import { formatServiceKey, type ServiceKey } from './service'
import { type Touched, touchedConnections } from './touched-connections'

/** What a plan touches, of what there is: what an operator must know before the rest of it. */
export type BlastRadius = Touched & {
  hosts: number
  services: number
  entries: number
  /** Active connections of the cluster's directors now; `undefined` where one could not be counted. */
  current: number | undefined
  /** What is cut or left to end, in whole per cent of the current ones; absent where there are none, or nobody knows. */
  percent?: number
}

function activeOf(entries: readonly RunningRealServer[]): number | undefined {
  let sum = 0
  for (const { active } of entries) {
    if (active === undefined) return undefined
    sum += active
  }
  return sum
}

/** Counts the current connections of some services on the hosts that were read. */
function currentOf(hosts: readonly HostState[], services: readonly ServiceKey[]) {
  const found = hosts.flatMap(({ running }) =>
    running === undefined ? [] : services.flatMap((key) => findService(running, key) ?? []),
  )
  return activeOf(found.flatMap(({ realServers }) => realServers))
}

/**
 * Tells how far a plan reaches: hosts, services, entries and current connections, these also as a part of what all of
 * `services` carry now. Counts are those of the reading that the plan was made from.
 */
export function blastRadius(
  { steps }: Pick<Plan, 'steps'>,
  hosts: readonly HostState[],
  services: readonly ServiceKey[],
): BlastRadius {
  const touched = touchedConnections({ steps }, hosts)
  const names = new Map<string, ServiceKey>()
  const entries = new Set<string>()
  for (const { item, subject, hostId } of steps) {
    if (item?.kind !== 'service' && item?.kind !== 'entry') continue
    names.set(formatServiceKey(item.service), item.service)
    if (item.kind === 'entry') entries.add(`${hostId} ${subject}`)
  }
  const known = new Map(services.map((key) => [formatServiceKey(key), key]))
  const current = currentOf(hosts, [...new Map([...known, ...names]).values()])
  const { cut, ending } = touched
  const hit = cut === undefined || ending === undefined ? undefined : cut + ending
  const share =
    hit !== undefined && current !== undefined && current > 0 ? hit / current : undefined
  return {
    ...touched,
    hosts: new Set(steps.map(({ hostId }) => hostId)).size,
    ...{ services: names.size, entries: entries.size, current },
    ...(share !== undefined && { percent: Math.round(100 * share) }),
  }
}

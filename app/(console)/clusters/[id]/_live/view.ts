import type { LiveRealServer, LiveService, LiveSnapshot } from '@/lib/lvs/live'
import { historyKey } from './count-history'
import type {
  DesiredView,
  DrainView,
  RealServerView,
  RowState,
  ServiceView,
} from './real-server-view'

export type ViewInput = {
  service: ServiceView
  /** What the directors say of it; absent = in no table that was read. */
  live: LiveService | undefined
  /** A director was read at least once: what is not in its table is not there. */
  isRead: boolean
  drains: readonly DrainView[]
  /** Entries that are ours by the ledger, as historyKey names them. */
  ours: ReadonlySet<string>
  /** Hosts that could not be read when running was last compared with desired. */
  unreachable: ReadonlySet<string>
  /** Tells the hue of a RIP. */
  hueOf: (rip: string) => number
}

function stateOf(
  desired: DesiredView | undefined,
  entry: LiveRealServer | undefined,
  { drain, isOurs, isRead }: { drain: DrainView | undefined; isOurs: boolean; isRead: boolean },
): RowState {
  if (desired === undefined) return isOurs ? 'to-remove' : 'foreign'
  if (entry === undefined) return isRead ? 'not-applied' : 'unknown'
  // A drain begins with its apply: until then the entry takes new connections.
  if (drain !== undefined && entry.weight > 0) return 'drain-planned'
  if (drain !== undefined) return drain.isRemoving ? 'removing' : 'draining'
  return entry.weight === 0 ? 'quiesced' : 'in-rotation'
}

/** `172.25.254.2:80` → `172.25.254.2`, `[fd00::2]:80` → `fd00::2`: for entries that only the table knows. */
const ripOf = (key: string): string => key.slice(0, key.lastIndexOf(':')).replace(/^\[|\]$/g, '')

function figuresOf(entry: LiveRealServer) {
  const { weight, active, inactive, connectionsPerSecond, inBytesPerSecond } = entry
  const { share, promised } = entry
  return {
    ...{ weight, active, inactive },
    ...(connectionsPerSecond !== undefined && { newPerSecond: connectionsPerSecond }),
    ...(inBytesPerSecond !== undefined && { inBytesPerSecond }),
    ...(share !== undefined && { share }),
    ...(promised !== undefined && { promised }),
  }
}

/** Joins desired, the director's table, drains and hosts to one row per real server of a virtual service. */
export function realServerViews(input: ViewInput): RealServerView[] {
  const { service, live, isRead, drains, ours, unreachable, hueOf } = input
  const desired = new Map(service.realServers.map((each) => [each.key, each]))
  const entries = new Map(live?.realServers.map((each) => [each.key, each]))
  // First what is desired, in its order, then what only the table has: rows do not jump when counts change.
  const others = [...entries.keys()].filter((key) => !desired.has(key)).sort()
  return [...desired.keys(), ...others].map((key): RealServerView => {
    const wanted = desired.get(key)
    const entry = entries.get(key)
    const drain = wanted && drains.find(({ realServerIds }) => realServerIds.includes(wanted.id))
    const rip = wanted?.rip ?? ripOf(key)
    const hostId = wanted?.hostId
    const counts = isRead ? 'not-in-table' : 'not-read'
    return {
      ...{ id: key, name: wanted?.name ?? rip, rip, index: hueOf(rip) },
      state: stateOf(wanted, entry, {
        ...{ drain, isRead },
        isOurs: ours.has(historyKey(service.key, key)),
      }),
      ...(wanted !== undefined && { desired: wanted }),
      ...(drain !== undefined && { drain }),
      isUnreachable: hostId !== undefined && unreachable.has(hostId),
      ...(entry !== undefined && figuresOf(entry)),
      unknown: { counts, rates: entry?.ratesUnknown ?? counts },
    }
  })
}

/** Lists the virtual services of the page: those desired, then those that are still in a table and no longer are. */
export function allServices(
  desired: readonly ServiceView[],
  live: readonly LiveService[],
): ServiceView[] {
  const known = new Set(desired.map(({ key }) => key))
  const left = new Map(live.filter(({ key }) => !known.has(key)).map((each) => [each.key, each]))
  const others = [...left.values()].map(
    ({ key, scheduler }): ServiceView => ({
      ...{ key, scheduler, flags: [], realServers: [] },
      endpoint: key.replace(/^(tcp|udp|sctp) /, ''),
    }),
  )
  return [...desired, ...others]
}

/** Writes what stands in the directors' tables without its counts: when it changes, somebody has changed it. */
export function shapeOf(snapshot: LiveSnapshot | undefined): string | undefined {
  if (snapshot === undefined || snapshot.directors.every(({ readAt }) => readAt === undefined))
    return
  const services = snapshot.services.map(({ hostId, key, scheduler, realServers }) => {
    const entries = realServers.map((each) => `${each.key}=${each.weight}`).sort()
    return `${hostId} ${key} ${scheduler} ${entries.join(' ')}`
  })
  const lost = snapshot.directors.filter((each) => each.lost).map(({ hostId }) => hostId)
  return [...services.sort(), ...lost.sort()].join('\n')
}

import { type Balanced, type Distribution, judgeDistribution, type Share } from './distribution'
import type { LiveRealServer, LiveService } from './live'
import { formatTableKey } from './parse-ipvs'
import { parseStats } from './parse-stats'
import { parseProcTable, type TableEntry, type TableService } from './parse-table'
import { reason } from './reason'
import { formatRealServerKey } from './service'
import {
  type CounterSample,
  type Rates,
  type Rise,
  ratesOf,
  risesBetween,
  type ServiceRise,
} from './stats'
import { type Interval, slideWindow, sumWindow, type Window } from './window'

/** What one tick of the loop on a director read: texts, and the host's own clock. */
export type Reading = {
  bootId: string
  /** Seconds since it booted. */
  uptimeSeconds: number
  /** /proc/net/ip_vs; absent while ip_vs is not loaded. */
  table?: string
  /** `ipvsadm -Ln --stats --exact`, only with the ticks that read totals. */
  totals?: string
  /** Totals were asked for and refused. */
  denied: boolean
}

type Unknown = NonNullable<LiveRealServer['ratesUnknown']>

type Measured = {
  /** Absent: not known since the last totals (the first ones, or counters that were set back). */
  rates?: Rates
  entries: ReadonlyMap<string, Rates | Unknown>
  window: Window
}

/** All that is remembered of one director between two readings. */
export type DirectorState = {
  services: ReadonlyMap<string, TableService>
  measured: ReadonlyMap<string, Measured>
  sample?: CounterSample
  /** The entries of each service in the sample. */
  names: ReadonlyMap<string, ReadonlySet<string>>
}

export const NO_STATE: DirectorState = {
  services: new Map(),
  measured: new Map(),
  names: new Map(),
}

/**
 * How far back the distribution looks, in milliseconds. Shorter would often have too few connections; longer would show
 * what is mended as broken for minutes.
 */
const WINDOW_MS = 60_000

/** Everything that, when it changes, makes another distribution right. */
function identityOf({ scheduler, entries }: TableService): string {
  const names = entries.map((entry) => `${formatRealServerKey(entry.key)}=${entry.weight}`)
  return [scheduler, ...names.sort()].join(' ')
}

/** The names of the entries that a sample holds of each service. */
function namesOf(sample: CounterSample): Map<string, ReadonlySet<string>> {
  return new Map(
    sample.services.map(({ key, entries }) => [
      formatTableKey(key),
      new Set(entries.map((entry) => formatRealServerKey(entry.key))),
    ]),
  )
}

type EntryRise = { name: string; rise?: Rise }

/** One interval of the window; `undefined` while any entry's rise is not known. */
function intervalOf(entries: readonly EntryRise[], from: number, to: number): Interval | undefined {
  const known = entries.flatMap(({ name, rise }) =>
    rise === undefined ? [] : [[name, rise.connections] as const],
  )
  if (known.length < entries.length) return undefined
  return { from, to, connections: new Map(known) }
}

/** Compares one service's totals with those before. */
function measureService(
  service: TableService,
  { rise, entries }: ServiceRise,
  { state, from, to }: { state: DirectorState; from: number; to: number },
): Measured {
  const name = formatTableKey(service.key)
  const known = state.names.get(name)
  const rises = entries.map((entry) => ({ ...entry, name: formatRealServerKey(entry.key) }))
  const rates = rises.map((entry): [string, Rates | Unknown] => {
    if (entry.rise !== undefined) return [entry.name, ratesOf(entry.rise, to - from)]
    return [entry.name, known?.has(entry.name) ? 'reset' : 'first-read']
  })
  const before = state.measured.get(name)?.window
  return {
    ...(rise !== undefined && { rates: ratesOf(rise, to - from) }),
    entries: new Map(rates),
    window: slideWindow(before, identityOf(service), intervalOf(rises, from, to), WINDOW_MS),
  }
}

/**
 * Takes in one reading of a director. Throws Unreadable when the table is none. Totals are compared with the totals
 * before them, by the host's own clock; a reading without totals leaves rates and windows as they are.
 */
export function advance(state: DirectorState, reading: Reading): DirectorState {
  const { bootId, uptimeSeconds, table, totals, denied } = reading
  if (table === undefined) return NO_STATE
  const parsed = parseProcTable(table).services
  const services = new Map(parsed.map((service) => [formatTableKey(service.key), service]))
  if (denied) return { ...NO_STATE, services }
  if (totals === undefined) return { ...state, services }
  const to = Math.round(uptimeSeconds * 1000)
  const sample: CounterSample = { at: to, bootId, services: parseStats(totals).services }
  const measured = new Map<string, Measured>()
  for (const rise of risesBetween(state.sample, sample)) {
    const service = services.get(formatTableKey(rise.key))
    const from = state.sample?.at ?? to
    if (service !== undefined)
      measured.set(formatTableKey(rise.key), measureService(service, rise, { state, from, to }))
  }
  return { services, measured, sample, names: namesOf(sample) }
}

function balancedOf(service: TableService): Balanced {
  return {
    scheduler: service.scheduler,
    persistent: service.persistence !== undefined,
    entries: service.entries.map(({ key, weight }) => ({ name: formatRealServerKey(key), weight })),
  }
}

const DENIED: Pick<Distribution, 'verdict' | 'tone'> = {
  verdict: reason('distribution.denied'),
  tone: 'neutral',
}

function showRealServer(
  entry: TableEntry,
  measured: Rates | Unknown | undefined,
  share: Share | undefined,
): LiveRealServer {
  const { weight, active, inactive } = entry
  const figures = { key: formatRealServerKey(entry.key), weight, active, inactive }
  const rates =
    measured === undefined || typeof measured === 'string'
      ? { ratesUnknown: measured ?? ('first-read' as const) }
      : {
          connectionsPerSecond: measured.connectionsPerSecond,
          inBytesPerSecond: measured.inBytesPerSecond,
        }
  return {
    ...figures,
    ...rates,
    ...(share?.share !== undefined && { share: share.share }),
    ...(share?.promised !== undefined && { promised: share.promised }),
  }
}

/** Shows one service of a director as browsers get it; `undefined` when it is not in the table. */
export function showService(
  state: DirectorState,
  name: string,
  { hostId, denied }: { hostId: string; denied: boolean },
): LiveService | undefined {
  const service = state.services.get(name)
  if (service === undefined) return undefined
  const measured = state.measured.get(name)
  const judged = judgeDistribution(balancedOf(service), measured && sumWindow(measured.window))
  const realServers = service.entries.map((entry, index) => {
    const figures = denied ? 'denied' : measured?.entries.get(formatRealServerKey(entry.key))
    return showRealServer(entry, figures, judged.shares[index])
  })
  return {
    ...{ hostId, key: name, scheduler: service.scheduler, realServers },
    distribution: denied ? { ...judged, ...DENIED } : judged,
    ...(measured?.rates !== undefined && {
      connectionsPerSecond: measured.rates.connectionsPerSecond,
      inBytesPerSecond: measured.rates.inBytesPerSecond,
    }),
  }
}

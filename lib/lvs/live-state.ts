import { type Balanced, judgeDistribution } from './distribution'
import type { LiveRealServer, LiveService } from './live'
import { formatTableKey } from './parse-ipvs'
import { parseStats } from './parse-stats'
import { parseProcTable, type TableService } from './parse-table'
import { formatRealServerKey } from './service'
import { type CounterSample, type Rates, type Rise, ratesOf, risesBetween } from './stats'
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
}

type Measured = {
  /** Absent: not known since the last totals (the first ones, or counters that were set back). */
  rates?: Rates
  entries: ReadonlyMap<string, Rates>
  window: Window
}

/** All that is remembered of one director between two readings. */
export type DirectorState = {
  services: ReadonlyMap<string, TableService>
  measured: ReadonlyMap<string, Measured>
  sample?: CounterSample
}

export const NO_STATE: DirectorState = { services: new Map(), measured: new Map() }

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

type EntryRise = { name: string; rise?: Rise }

/** One interval of the window; `undefined` while any entry's rise is not known. */
function intervalOf(entries: readonly EntryRise[], from: number, to: number): Interval | undefined {
  const known = entries.flatMap(({ name, rise }) =>
    rise === undefined ? [] : [[name, rise.connections] as const],
  )
  if (known.length < entries.length) return undefined
  return { from, to, connections: new Map(known) }
}

/** Compares the totals with those before, service by service. */
function measure(
  state: DirectorState,
  services: ReadonlyMap<string, TableService>,
  sample: CounterSample,
): Map<string, Measured> {
  const measured = new Map<string, Measured>()
  const from = state.sample?.at ?? sample.at
  for (const { key, rise, entries } of risesBetween(state.sample, sample)) {
    const name = formatTableKey(key)
    const service = services.get(name)
    if (service === undefined) continue
    const rises = entries.map((entry) => ({ ...entry, name: formatRealServerKey(entry.key) }))
    const rates = rises.flatMap((entry) =>
      entry.rise === undefined
        ? []
        : [[entry.name, ratesOf(entry.rise, sample.at - from)] as const],
    )
    const interval = intervalOf(rises, from, sample.at)
    const before = state.measured.get(name)?.window
    measured.set(name, {
      ...(rise !== undefined && { rates: ratesOf(rise, sample.at - from) }),
      entries: new Map(rates),
      window: slideWindow(before, identityOf(service), interval, WINDOW_MS),
    })
  }
  return measured
}

/**
 * Takes in one reading of a director. Throws Unreadable when the table is none. Totals are compared with the totals
 * before them, by the host's own clock; a reading without totals leaves rates and windows as they are.
 */
export function advance(state: DirectorState, reading: Reading): DirectorState {
  const { bootId, uptimeSeconds, table, totals } = reading
  if (table === undefined) return NO_STATE
  const parsed = parseProcTable(table).services
  const services = new Map(parsed.map((service) => [formatTableKey(service.key), service]))
  if (totals === undefined) return { ...state, services }
  const sample: CounterSample = {
    at: Math.round(uptimeSeconds * 1000),
    bootId,
    services: parseStats(totals).services,
  }
  return { services, measured: measure(state, services, sample), sample }
}

function balancedOf(service: TableService): Balanced {
  return {
    scheduler: service.scheduler,
    persistent: service.persistence !== undefined,
    entries: service.entries.map(({ key, weight }) => ({ name: formatRealServerKey(key), weight })),
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
  const distribution = judgeDistribution(
    balancedOf(service),
    measured && sumWindow(measured.window),
  )
  const shares = new Map(distribution.shares.map((share) => [share.name, share]))
  const why = denied ? 'denied' : measured === undefined ? 'first-read' : 'reset'
  const realServers = service.entries.map((entry): LiveRealServer => {
    const key = formatRealServerKey(entry.key)
    const { share, promised } = shares.get(key) ?? {}
    const rates = measured?.entries.get(key)
    return {
      ...{ key, weight: entry.weight, active: entry.active, inactive: entry.inactive },
      ...(rates === undefined
        ? { ratesUnknown: why }
        : {
            connectionsPerSecond: rates.connectionsPerSecond,
            inBytesPerSecond: rates.inBytesPerSecond,
          }),
      ...(share !== undefined && { share }),
      ...(promised !== undefined && { promised }),
    }
  })
  return {
    ...{ hostId, key: name, scheduler: service.scheduler, realServers, distribution },
    ...(measured?.rates !== undefined && {
      connectionsPerSecond: measured.rates.connectionsPerSecond,
      inBytesPerSecond: measured.rates.inBytesPerSecond,
    }),
  }
}

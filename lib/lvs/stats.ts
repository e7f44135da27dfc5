import type { Totals } from './parse-stats'
import {
  formatRealServerKey,
  formatServiceKey,
  type RealServerKey,
  type ServiceKey,
} from './service'

/** What one reading of `ipvsadm -Ln --stats --exact` told, and when: `at` in milliseconds, one clock for all. */
export type CounterSample = {
  at: number
  bootId: string
  services: readonly (Totals & {
    key: ServiceKey
    entries: readonly (Totals & { key: RealServerKey })[]
  })[]
}

/** How much each counter rose. */
export type Rise = { connections: number; inPackets: number; inBytes: number }

/** What happened between two samples; an absent `rise` is a gap: not known, never 0. */
export type ServiceRise = {
  key: ServiceKey
  rise?: Rise
  entries: { key: RealServerKey; rise?: Rise }[]
}

export type Rates = {
  connectionsPerSecond: number
  inPacketsPerSecond: number
  inBytesPerSecond: number
}

/** ipvsadm 1.31 reads an entry's 64-bit connections and packets as 32 bits (LVS-TUN 1.9); bytes are whole. */
const WRAP = 2 ** 32

/** Compares two totals of a service, which are 64 bits wide: one that fell means zeroed (-Z) or made anew. */
function riseOfService(before: Totals, after: Totals): Rise | undefined {
  const connections = after.connections - before.connections
  const inPackets = after.inPackets - before.inPackets
  const inBytes = after.inBytes - before.inBytes
  return connections < 0 || inPackets < 0 || inBytes < 0
    ? undefined
    : { connections, inPackets, inBytes }
}

/** Undoes the wrap of one counter: real only if the same counter of the whole service rose meanwhile. */
function unwrap(rise: number, ofService: number): number | undefined {
  if (rise >= 0) return rise
  return ofService > 0 ? rise + WRAP : undefined
}

/**
 * Compares two totals of an entry. Bytes do not wrap: if they fell, the entry was zeroed or made anew. If they did
 * not, a connection or packet counter that fell has wrapped.
 */
function riseOfEntry(before: Totals, after: Totals, service: Rise): Rise | undefined {
  const inBytes = after.inBytes - before.inBytes
  const connections = unwrap(after.connections - before.connections, service.connections)
  const inPackets = unwrap(after.inPackets - before.inPackets, service.inPackets)
  if (inBytes < 0 || connections === undefined || inPackets === undefined) return undefined
  return { connections, inPackets, inBytes }
}

type CounterService = CounterSample['services'][number]

function compareService(before: CounterService | undefined, after: CounterService): ServiceRise {
  const rise = before && riseOfService(before, after)
  if (before === undefined || rise === undefined)
    return { key: after.key, entries: after.entries.map(({ key }) => ({ key })) }
  const known = new Map(before.entries.map((entry) => [formatRealServerKey(entry.key), entry]))
  const entries = after.entries.map((entry) => {
    const earlier = known.get(formatRealServerKey(entry.key))
    const entryRise = earlier && riseOfEntry(earlier, entry, rise)
    return { key: entry.key, ...(entryRise !== undefined && { rise: entryRise }) }
  })
  return { key: after.key, rise, entries }
}

/**
 * Tells how much the counters of each service and entry of `after` rose since `before`. Where that cannot be known —
 * first sample, reboot (boot_id), zeroed or made anew, clock not ahead — there is no rise, instead of 0.
 */
export function risesBetween(
  before: CounterSample | undefined,
  after: CounterSample,
): ServiceRise[] {
  const usable = before?.bootId === after.bootId && before.at < after.at ? before : undefined
  const known = new Map(usable?.services.map((service) => [formatServiceKey(service.key), service]))
  return after.services.map((service) =>
    compareService(known.get(formatServiceKey(service.key)), service),
  )
}

/** Divides a rise by the time that it took, in milliseconds between the two samples' own times. */
export function ratesOf(rise: Rise, milliseconds: number): Rates {
  const perSecond = (amount: number) => (amount * 1000) / milliseconds
  return {
    connectionsPerSecond: perSecond(rise.connections),
    inPacketsPerSecond: perSecond(rise.inPackets),
    inBytesPerSecond: perSecond(rise.inBytes),
  }
}

import { findService } from './item-value'
import { takesConnections } from './keep'
import { formatItem } from './ledger'
import { memo } from './memo'
import type { Refusal, Step } from './plan'
import type { HostPlan, Planning } from './plan-world'
import { reason } from './reason'
import type { RunningRealServer } from './running'
import { formatRealServerKey, formatServiceKey, type ServiceKey } from './service'

// What a plan may do and most often should not: refused until a person accepts it, with the consequence in figures.
// Figures are those of the reading, so they are no part of the basis: an acceptance is of what happens, not of a count.

/** From this part of a service's current connections on, cutting them wants an acceptance: an outage for one in four. */
export const LARGE_SHARE = 0.25
/** More services than this are one refusal, or taking down a large cluster would be 2,284 ticks. */
const EACH = 5

const CUTS = 'refusal.cuts-connections'

/** One service of a director with what the plan does to it. */
type Touched = {
  key: ServiceKey
  name: string
  goes: boolean
  /** What was in it: options by entry come from the steps, connections from the reading. */
  entries: readonly RunningRealServer[]
  steps: readonly Step[]
}

const serviceOf = ({ item, kind }: Step): ServiceKey | undefined =>
  kind !== 'claim' && (item?.kind === 'service' || item?.kind === 'entry')
    ? item.service
    : undefined

/** Groups a director's steps by service. */
const touchedOn = memo(({ running, steps }: HostPlan): readonly Touched[] => {
  const byName = new Map<string, Step[]>()
  for (const step of steps) {
    const key = serviceOf(step)
    if (key === undefined) continue
    const name = formatServiceKey(key)
    const known = byName.get(name)
    if (known === undefined) byName.set(name, [step])
    else known.push(step)
  }
  return [...byName].flatMap(([name, own]) => {
    const [key] = own.map(serviceOf)
    if (key === undefined) return []
    const goes = own.some(({ item, change }) => item?.kind === 'service' && change === 'remove')
    const entries = findService(running, key)?.realServers ?? []
    return [{ key, name, goes, entries, steps: own }]
  })
})

/** Active connections of entries, as far as they were counted. */
const activeOf = (entries: readonly RunningRealServer[]): number =>
  entries.reduce((sum, { active = 0 }) => sum + active, 0)

/** Whether a service has entries after the plan, and whether one of them takes connections. */
function afterwards(host: HostPlan, { key, entries, steps }: Touched) {
  const left = entries.filter(({ key: realServer }) => {
    const name = formatItem({ kind: 'entry', service: key, realServer })
    return !host.changes.has(name) || host.changes.get(name)?.kind === 'claim'
  })
  const set = steps.filter(({ item, after }) => item?.kind === 'entry' && after !== undefined)
  return {
    some: left.length + set.length > 0,
    takes:
      left.some(({ config }) => config.weight > 0) ||
      set.some(({ after }) => takesConnections(after)),
  }
}

const takesNow = ({ entries }: Touched): boolean => entries.some(({ config }) => config.weight > 0)

/** One refusal for each service, or one for many; `id` names the rule and the host, so that it stays the same. */
function refuseEach(
  code: string,
  { host }: HostPlan,
  found: readonly { name: string; values: Record<string, number | string> }[],
): Refusal[] {
  const rule = code.slice('refusal.'.length)
  const total = (key: string) =>
    found.reduce((sum, { values }) => sum + Number(values[key] ?? 0), 0)
  if (found.length <= EACH)
    return found.map(({ name, values }) => ({
      hostId: host.id,
      override: `${rule} ${host.id} ${name}`,
      why: reason(code, { host: host.name, count: 1, service: name, ...values }),
    }))
  const figures = { active: total('active'), cut: total('cut'), servers: total('servers') }
  const percent = Math.round((100 * figures.cut) / Math.max(1, figures.active))
  const values = {
    host: host.name,
    count: found.length,
    service: '-',
    realServer: '-',
    ...figures,
    percent,
  }
  return [
    {
      hostId: host.id,
      override: `${rule} ${host.id}`,
      why: reason(code, values),
    },
  ]
}

/** The service stays, somebody answered until now, and after the plan nobody does. */
const emptied = (host: HostPlan, each: Touched): boolean =>
  !each.goes && takesNow(each) && !afterwards(host, each).takes

function lastRealServers(host: HostPlan): Refusal[] {
  const found = touchedOn(host).filter((each) => emptied(host, each))
  return refuseEach(
    'refusal.last-real-server',
    host,
    found.map(({ name, entries }) => ({ name, values: { active: activeOf(entries) } })),
  )
}

/** Nobody takes connections before or after, and the plan sets entries up that take none. */
function allWeightsZero({ short }: Planning, host: HostPlan): Refusal[] {
  const found = touchedOn(host).filter((each) => {
    if (each.goes || takesNow(each) || short.has(each.name)) return false
    const { some, takes } = afterwards(host, each)
    return some && !takes && each.steps.some(({ change }) => change !== 'remove')
  })
  return refuseEach(
    'refusal.all-weights-zero',
    host,
    found.map(({ name }) => ({ name, values: {} })),
  )
}

/**
 * A removal cuts what runs through the entry. Quiescing does not, so it needs no acceptance however large the share:
 * draining a busy real server is what an operator should do.
 */
function largeShares(host: HostPlan): Refusal[] {
  const found = touchedOn(host).flatMap((each) => {
    if (each.goes || emptied(host, each)) return []
    const removed = each.steps.flatMap(({ item, change }) =>
      item?.kind === 'entry' && change === 'remove' ? [formatRealServerKey(item.realServer)] : [],
    )
    const gone = new Set(removed)
    const cut = activeOf(each.entries.filter(({ key }) => gone.has(formatRealServerKey(key))))
    const active = activeOf(each.entries)
    if (cut === 0 || cut / active < LARGE_SHARE) return []
    const percent = Math.round((100 * cut) / active)
    const servers = removed.length
    const realServer = removed[0] ?? '-'
    return [{ name: each.name, values: { cut, active, percent, servers, realServer } }]
  })
  return refuseEach(CUTS, host, found)
}

/** The refusal of a removal that cuts a large part of the connections: what the deadline of a drain accepts. */
export const isCut = ({ why }: Refusal): boolean => why.code === CUTS

function servicesInUse(host: HostPlan): Refusal[] {
  const found = touchedOn(host).filter(({ goes, entries }) => goes && activeOf(entries) > 0)
  return refuseEach(
    'refusal.services-in-use',
    host,
    found.map(({ name, entries }) => ({ name, values: { active: activeOf(entries) } })),
  )
}

/** Refusals whose presence hangs on counters: they are no part of a plan's basis, or it would move by itself. */
const COUNTED = new Set([CUTS, 'refusal.services-in-use'])
export const isCounted = ({ why }: Refusal): boolean => COUNTED.has(why.code)

/** Lists what a person has to accept before this plan runs, director by director. */
export const guardRails = (planning: Planning): Refusal[] =>
  planning.hosts.flatMap((host) => [
    ...lastRealServers(host),
    ...allWeightsZero(planning, host),
    ...servicesInUse(host),
    ...largeShares(host),
  ])

import type {
  ClusterOptions,
  DesiredCluster,
  DesiredDirector,
  DesiredRealServer,
  DesiredService,
} from './cluster'
import { realServerOptions, serviceOptions } from './commands'
import { joinOptions } from './item-value'
import type { Refusal } from './plan'
import { reason } from './reason'
import {
  formatRevertItem,
  type RevertChange,
  type RevertChoices,
  type RevertItem,
  type RevertValue,
} from './revert-items'
import {
  compareRealServerKeys,
  compareServiceKeys,
  formatRealServerKey,
  formatServiceKey,
} from './service'

/** One item at three times: before the apply, as the apply wanted it, and as it is desired now. */
type Three<T> = { before: T | undefined; after: T | undefined; now: T | undefined }

/** How items of one kind are told apart and said. */
type Looks<T> = { sameness: (value: T) => unknown; words: (value: T) => RevertValue }

type Deciding = { choices: RevertChoices; changes: RevertChange[] }

/** Writes a value so that equal values are equal texts, whatever the order of their fields. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )

/**
 * Decides one item: what the apply did not change stays as it is now; what it changed and nobody else did since goes
 * back; what somebody changed since is chosen, and stays until somebody has.
 */
function decide<T>(
  { choices, changes }: Deciding,
  item: RevertItem,
  { before, after, now }: Three<T>,
  { sameness, words }: Looks<T>,
): T | undefined {
  const same = (a: T | undefined, b: T | undefined) =>
    a === undefined || b === undefined ? a === b : canonical(sameness(a)) === canonical(sameness(b))
  if (same(before, after)) return now
  const id = formatRevertItem(item)
  const state = same(now, before) ? 'already' : same(now, after) ? 'back' : 'conflict'
  const choice = state === 'conflict' ? choices[id] : undefined
  changes.push({
    ...{ id, item, state },
    ...(before !== undefined && { before: words(before) }),
    ...(after !== undefined && { after: words(after) }),
    ...(now !== undefined && { now: words(now) }),
    ...(choice !== undefined && { choice }),
  })
  return state === 'back' || choice === 'back' ? before : now
}

/** Puts the same thing of three lists together, by its key. */
function together<T>(lists: Three<readonly T[]>, keyOf: (value: T) => string): Three<T>[] {
  const found = new Map<string, Three<T>>()
  for (const time of ['before', 'after', 'now'] as const)
    for (const value of lists[time] ?? []) {
      const three = found.get(keyOf(value)) ?? {
        before: undefined,
        after: undefined,
        now: undefined,
      }
      three[time] = value
      found.set(keyOf(value), three)
    }
  return [...found.values()]
}

const anyOf = <T>({ before, after, now }: Three<T>): T | undefined => now ?? after ?? before

const ENTRY: Looks<DesiredRealServer> = {
  // a name is for people: it is on no host, and another one is no other entry
  sameness: ({ key, hostId, config }) => ({ key, hostId, config }),
  words: ({ config }) => ({ text: joinOptions(realServerOptions(config)) }),
}

type Configuration = Pick<DesiredService, 'config' | 'vips'>
const CONFIGURATION: Looks<Configuration> = {
  sameness: ({ config, vips }) => ({ config, vips: [...vips].sort() }),
  words: ({ config, vips }) => ({
    text: [joinOptions(serviceOptions(config)), ...vips].join(' '),
  }),
}

const SERVICE: Looks<DesiredService> = {
  sameness: (service) => ({
    ...{ key: service.key, configuration: CONFIGURATION.sameness(service) },
    entries: [...service.realServers]
      .sort((a, b) => compareRealServerKeys(a.key, b.key))
      .map(ENTRY.sameness),
  }),
  words: (service) => ({
    ...CONFIGURATION.words(service),
    entries: service.realServers.length,
  }),
}

function revertEntries(
  deciding: Deciding,
  { before, after, now }: { [K in keyof Three<unknown>]: DesiredService },
): DesiredRealServer[] {
  const lists = { before: before.realServers, after: after.realServers, now: now.realServers }
  const entries = together(lists, ({ key }) => formatRealServerKey(key)).flatMap((three) => {
    const any = anyOf(three)
    if (any === undefined) return []
    const { key: realServer, name } = any
    const item: RevertItem = { kind: 'entry', service: now.key, realServer, name }
    const kept = decide(deciding, item, three, ENTRY)
    return kept === undefined ? [] : [{ ...kept, id: three.now?.id ?? kept.id, name }]
  })
  return entries.sort((a, b) => compareRealServerKeys(a.key, b.key))
}

/** A service that is there at all three times goes back in its parts; else the question is whether it is there. */
function revertService(
  deciding: Deciding,
  three: Three<DesiredService>,
): DesiredService | undefined {
  const { before, after, now } = three
  const service = anyOf(three)?.key
  if (service === undefined) return undefined
  if (before === undefined || after === undefined || now === undefined)
    return decide(deciding, { kind: 'service', service }, three, SERVICE)
  const item = { kind: 'configuration', service } as const
  const { config, vips } = decide<Configuration>(deciding, item, three, CONFIGURATION) ?? now
  const realServers = revertEntries(deciding, { before, after, now })
  return { ...now, config, vips, realServers }
}

const OPTION: Looks<string> = { sameness: (value) => value, words: (text) => ({ text }) }

function revertOption<K extends keyof ClusterOptions>(
  deciding: Deciding,
  option: K,
  [before, after, now]: readonly [ClusterOptions, ClusterOptions, ClusterOptions],
): ClusterOptions[K] {
  const three = { before: before[option], after: after[option], now: now[option] }
  return decide(deciding, { kind: 'option', option }, three, OPTION) ?? now[option]
}

const DIRECTOR: Looks<DesiredDirector> = {
  sameness: ({ hostId, dip }) => ({ hostId, dip }),
  words: ({ dip }) => ({ text: dip }),
}

/** What would be desired after a revert, and what it does with each item that the apply changed. */
export type Reverted = { desired: DesiredCluster; changes: readonly RevertChange[] }

/**
 * Takes an apply back in what is desired, item by item: `before` and `after` are what was desired around the apply,
 * `now` what is desired now. Items that the apply did not change stay as they are, as does the cluster's name; those
 * that changed since are conflicts, and stay until `choices` say otherwise. Pure; nothing is saved by it.
 */
export function revertDesired(
  { before, after, now }: { before: DesiredCluster; after: DesiredCluster; now: DesiredCluster },
  choices: RevertChoices = {},
): Reverted {
  const deciding: Deciding = { choices, changes: [] }
  const options = [before.options, after.options, now.options] as const
  const desired: DesiredCluster = {
    ...{ id: now.id, name: now.name },
    options: {
      arpScope: revertOption(deciding, 'arpScope', options),
      rpFilter: revertOption(deciding, 'rpFilter', options),
      directorTunnel: revertOption(deciding, 'directorTunnel', options),
      directorDevice: revertOption(deciding, 'directorDevice', options),
    },
    directors: together(
      { before: before.directors, after: after.directors, now: now.directors },
      ({ hostId }) => hostId,
    )
      .flatMap((three) => {
        const any = anyOf(three)
        if (any === undefined) return []
        const { hostId, name } = any
        const kept = decide(deciding, { kind: 'director', hostId, name }, three, DIRECTOR)
        return kept === undefined ? [] : [{ ...kept, name }]
      })
      .sort((a, b) => (a.hostId < b.hostId ? -1 : 1)),
    services: together(
      { before: before.services, after: after.services, now: now.services },
      ({ key }) => formatServiceKey(key),
    )
      .flatMap((three) => revertService(deciding, three) ?? [])
      .sort((a, b) => compareServiceKeys(a.key, b.key)),
  }
  const changes = deciding.changes.sort((a, b) => (a.id < b.id ? -1 : 1))
  return { desired, changes }
}

/** Tells whether two states of a cluster ask the same of its hosts: names and ids are none of that. */
export function sameDesired(a: DesiredCluster, b: DesiredCluster): boolean {
  const whole = ({ options, directors, services }: DesiredCluster) =>
    canonical({
      options,
      directors: [...directors]
        .sort((x, y) => (x.hostId < y.hostId ? -1 : 1))
        .map(DIRECTOR.sameness),
      services: [...services]
        .sort((x, y) => compareServiceKeys(x.key, y.key))
        .map(SERVICE.sameness),
    })
  return whole(a) === whole(b)
}

/**
 * Refuses a state of a cluster that needs hosts which Tunboard does not know any more: nobody could read or change them,
 * and a host of the same name is another one until somebody says so.
 */
export function refuseGoneHosts(
  { directors, services }: DesiredCluster,
  known: ReadonlySet<string>,
): Refusal[] {
  const needed = new Map<string, string>()
  for (const { hostId, name } of directors) needed.set(hostId, name)
  for (const { hostId, name } of services.flatMap(({ realServers }) => realServers))
    if (hostId !== undefined) needed.set(hostId, name)
  return [...needed]
    .filter(([hostId]) => !known.has(hostId))
    .map(([, host]) => ({ why: reason('refusal.host-deleted', { host }) }))
}

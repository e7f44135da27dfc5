import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  ARP_SCOPES,
  DEFAULT_OPTIONS,
  type DesiredCluster,
  type DesiredRealServer,
  type DesiredService,
} from './cluster'
import { refuseGoneHosts, revertDesired, sameDesired } from './revert'
import { openConflicts, type RevertChange, type RevertChoice } from './revert-items'
import { IPIP } from './service'

const entry = (last: number, weight = 1): DesiredRealServer => ({
  ...{ id: `rs${last}`, name: `server${last}`, hostId: `h${last}` },
  key: { rip: `172.25.254.${last}`, port: 80 },
  config: { forwarding: IPIP, weight, upperThreshold: 0, lowerThreshold: 0 },
})
const service = (port: number, entries: DesiredRealServer[], scheduler = 'rr'): DesiredService => ({
  id: `s${port}`,
  key: { kind: 'address', protocol: 'tcp', vip: '172.25.254.100', port },
  config: { scheduler, flags: [], onePacket: false },
  vips: [],
  realServers: entries,
})
const cluster = (...services: DesiredService[]): DesiredCluster => ({
  ...{ id: 'c1', name: 'web', services, options: DEFAULT_OPTIONS },
  directors: [{ hostId: 'd1', name: 'director', dip: '172.25.254.1' }],
})
const said = ({ changes }: { changes: readonly RevertChange[] }) =>
  changes.map(({ id, state }) => `${id}: ${state}`)

const WWW = 'tcp 172.25.254.100:80'

test('what the apply changed goes back, and what came after it stays', () => {
  const before = cluster(service(80, [entry(2), entry(3)]))
  const after = cluster(service(80, [entry(2, 5), entry(3)]))
  const now = cluster(service(80, [entry(2, 5), entry(3, 7), entry(4)], 'wrr'))
  const reverted = revertDesired({ before, after, now })
  expect(reverted.desired).toEqual(cluster(service(80, [entry(2), entry(3, 7), entry(4)], 'wrr')))
  expect(reverted.changes).toEqual([
    {
      id: `entry ${WWW} 172.25.254.2:80`,
      item: {
        ...{ kind: 'entry', service: now.services[0]?.key, name: 'server2' },
        realServer: { rip: '172.25.254.2', port: 80 },
      },
      ...{ before: { text: '-i -w 1' }, after: { text: '-i -w 5' }, now: { text: '-i -w 5' } },
      state: 'back',
    },
  ])
})

test('an item that changed since stays until somebody chooses, one by one', () => {
  const before = cluster(service(80, [entry(2), entry(3)]))
  const after = cluster(service(80, [entry(2, 5), entry(3, 5)]))
  const now = cluster(service(80, [entry(2, 9), entry(3, 9)]))
  const open = revertDesired({ before, after, now })
  expect(openConflicts(open.changes)).toHaveLength(2)
  expect(sameDesired(open.desired, now)).toBe(true)
  const chosen = revertDesired(
    { before, after, now },
    {
      [`entry ${WWW} 172.25.254.2:80`]: 'back',
      [`entry ${WWW} 172.25.254.3:80`]: 'keep',
    },
  )
  expect(openConflicts(chosen.changes)).toEqual([])
  expect(chosen.desired).toEqual(cluster(service(80, [entry(2), entry(3, 9)])))
})

test('a weight of 0 is a weight: going back to it is going back', () => {
  const before = cluster(service(80, [entry(2, 0)]))
  const after = cluster(service(80, [entry(2, 3)]))
  expect(revertDesired({ before, after, now: after }).desired).toEqual(before)
})

test('a service that the apply brought and others have filled since is a conflict as a whole', () => {
  const before = cluster()
  const after = cluster(service(80, [entry(2)]))
  const now = cluster(service(80, [entry(2), entry(4)]))
  const open = revertDesired({ before, after, now })
  expect(said(open)).toEqual([`service ${WWW}: conflict`])
  expect(open.desired).toEqual(now)
  expect(revertDesired({ before, after, now }, { [`service ${WWW}`]: 'back' }).desired).toEqual(
    before,
  )
})

test('an entry never comes back without its service: a service deleted since is asked about as a whole', () => {
  const before = cluster(service(80, [entry(2), entry(3)]))
  const after = cluster(service(80, [entry(2, 0), entry(3)]))
  const open = revertDesired({ before, after, now: cluster() })
  expect(said(open)).toEqual([`service ${WWW}: conflict`])
  expect(open.changes[0]).not.toHaveProperty('now')
  const back = revertDesired({ before, after, now: cluster() }, { [`service ${WWW}`]: 'back' })
  expect(back.desired).toEqual(before)
})

test('a service that the apply did not touch and that is gone since stays gone', () => {
  const both = cluster(service(80, [entry(2)]), service(443, []))
  const after = cluster(service(80, [entry(2, 4)]), service(443, []))
  const now = cluster(service(80, [entry(2, 4)]))
  expect(revertDesired({ before: both, after, now }).desired).toEqual(
    cluster(service(80, [entry(2)])),
  )
})

test('what is as it was before already is said to be so', () => {
  const before = cluster(service(80, [entry(2)]))
  const after = cluster(service(80, [entry(2), entry(3)]))
  expect(said(revertDesired({ before, after, now: before }))).toEqual([
    `entry ${WWW} 172.25.254.3:80: already`,
  ])
})

test('a new name of the cluster or of a real server is no conflict, and stays', () => {
  const before = cluster(service(80, [entry(2)]))
  const after = cluster(service(80, [entry(2, 5)]))
  const named = { ...entry(2, 5), name: 'kept' }
  const now = { ...cluster(service(80, [named])), name: 'shop' }
  const { desired, changes } = revertDesired({ before, after, now })
  expect(changes.map(({ state }) => state)).toEqual(['back'])
  expect(desired).toEqual({
    ...cluster(service(80, [{ ...entry(2), name: 'kept' }])),
    name: 'shop',
  })
})

test('hosts that are needed again and are not known any more are a refusal each', () => {
  const desired = cluster(service(80, [entry(2), entry(3)]), service(443, [entry(2)]))
  expect(refuseGoneHosts(desired, new Set(['d1', 'h3']))).toEqual([
    { why: { code: 'refusal.host-deleted', values: { host: 'server2' } } },
  ])
  expect(refuseGoneHosts(desired, new Set(['d1', 'h2', 'h3']))).toEqual([])
})

// ---- laws ----

const entries = fc
  .uniqueArray(fc.record({ last: fc.integer({ min: 2, max: 6 }), weight: fc.nat(2) }), {
    selector: ({ last }) => last,
  })
  .map((all) => all.sort((a, b) => a.last - b.last).map(({ last, weight }) => entry(last, weight)))
const anyService = (port: number) =>
  fc
    .tuple(entries, fc.constantFrom('rr', 'wlc'))
    .map(([all, scheduler]) => service(port, all, scheduler))
const anyCluster: fc.Arbitrary<DesiredCluster> = fc
  .record({
    services: fc.tuple(...[80, 443, 8080].map((port) => fc.option(anyService(port)))),
    arpScope: fc.constantFrom(...ARP_SCOPES),
    second: fc.boolean(),
  })
  .map(({ services, arpScope, second }) => ({
    ...cluster(...services.filter((each) => each !== null)),
    options: { ...DEFAULT_OPTIONS, arpScope },
    directors: ['d1', ...(second ? ['d2'] : [])].map((hostId) => ({
      ...{ hostId, name: hostId, dip: '172.25.254.1' },
    })),
  }))

/** Every item of a cluster by itself, so that tests can tell which of them a revert has moved. */
function itemsOf({ options, directors, services }: DesiredCluster): Map<string, string> {
  return new Map([
    ...Object.entries(options).map(([name, value]) => [`option ${name}`, String(value)] as const),
    ...directors.map(({ hostId, dip }) => [`director ${hostId}`, dip] as const),
    ...services.flatMap(({ key, config, realServers }) => {
      const name = JSON.stringify(key)
      const of = realServers.map(
        (each) => [`${name} ${each.key.rip}`, JSON.stringify(each.config)] as const,
      )
      return [[name, JSON.stringify(config)] as const, ...of]
    }),
  ])
}

test('law: reverting an apply right after it gives exactly what was before', () => {
  fc.assert(
    fc.property(anyCluster, anyCluster, (before, after) => {
      const { desired, changes } = revertDesired({ before, after, now: after })
      expect(desired).toEqual(before)
      expect(changes.every(({ state }) => state === 'back')).toBe(true)
    }),
  )
})

test('law: an item that the apply did not change is never changed, whatever is chosen', () => {
  const choice = fc.constantFrom<(RevertChoice | undefined)[]>(undefined, 'keep')
  fc.assert(
    fc.property(anyCluster, anyCluster, anyCluster, choice, (before, after, now, chosen) => {
      const ids = revertDesired({ before, after, now }).changes.map(({ id }) => id)
      const choices = Object.fromEntries(chosen === undefined ? [] : ids.map((id) => [id, chosen]))
      const items = itemsOf(revertDesired({ before, after, now }, choices).desired)
      const [was, then, is] = [itemsOf(before), itemsOf(after), itemsOf(now)]
      for (const id of new Set([...was.keys(), ...then.keys(), ...is.keys()]))
        if (was.get(id) === then.get(id)) expect([id, items.get(id)]).toEqual([id, is.get(id)])
    }),
  )
})

test('law: with every conflict kept, only items still as the apply left them move, and to what they were', () => {
  fc.assert(
    fc.property(anyCluster, anyCluster, anyCluster, (before, after, now) => {
      const items = itemsOf(revertDesired({ before, after, now }).desired)
      const [was, then, is] = [itemsOf(before), itemsOf(after), itemsOf(now)]
      for (const id of new Set([...was.keys(), ...items.keys(), ...is.keys()])) {
        if (items.get(id) === is.get(id)) continue
        expect([id, is.get(id), items.get(id)]).toEqual([id, then.get(id), was.get(id)])
      }
    }),
  )
})

test('law: the order of services, entries and directors changes nothing', () => {
  const turned = (each: DesiredCluster): DesiredCluster => ({
    ...each,
    directors: each.directors.toReversed(),
    services: each.services.toReversed().map((one) => ({
      ...one,
      realServers: one.realServers.toReversed(),
    })),
  })
  fc.assert(
    fc.property(anyCluster, anyCluster, anyCluster, (before, after, now) => {
      const given = { before, after, now }
      const other = { before: turned(before), after: turned(after), now: turned(now) }
      const [one, two] = [revertDesired(given), revertDesired(other)]
      expect(sameDesired(one.desired, two.desired)).toBe(true)
      expect(two.changes).toEqual(one.changes)
    }),
  )
})

test('law: reverting twice changes nothing more', () => {
  fc.assert(
    fc.property(anyCluster, anyCluster, anyCluster, (before, after, now) => {
      const once = revertDesired({ before, after, now }).desired
      expect(revertDesired({ before, after, now: once }).desired).toEqual(once)
    }),
  )
})

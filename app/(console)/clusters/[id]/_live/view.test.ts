import { expect, test } from 'vitest'
import type { LiveRealServer, LiveService } from '@/lib/lvs/live'
import { historyKey } from './count-history'
import { Hues } from './hues'
import type { DrainView, ServiceView } from './real-server-view'
import { allServices, realServerViews, shapeOf, type ViewInput } from './view'

const WEB = 'tcp 172.25.254.100:80'
const TWO = '172.25.254.2:80'
const THREE = '172.25.254.3:80'

const wanted = (last: number, weight = 1) => ({
  ...{ id: `rs${last}`, name: `server${last}`, weight, hostId: `h${last}` },
  ...{ key: `172.25.254.${last}:80`, rip: `172.25.254.${last}` },
})
const service: ServiceView = {
  ...{ id: 's1', key: WEB, endpoint: '172.25.254.100:80', protocol: 'tcp' },
  ...{ scheduler: 'rr', flags: [], realServers: [wanted(2), wanted(3)] },
}
const entry = (key: string, more: Partial<LiveRealServer> = {}): LiveRealServer => ({
  ...{ key, weight: 1, active: 4, inactive: 9, connectionsPerSecond: 2, inBytesPerSecond: 900 },
  ...more,
})
const live = (...realServers: LiveRealServer[]): LiveService => ({
  ...{ hostId: 'd', key: WEB, scheduler: 'rr', realServers },
  distribution: {
    ...{ connections: 0, seconds: 0, shares: [], tone: 'neutral' },
    verdict: { code: 'distribution.waiting', values: {} },
  },
})
const drain: DrainView = {
  ...{ id: 'd1', isRemoving: false, realServerIds: ['rs3'] },
  ...{ startedAt: 0, deadlineAt: 60_000, startedBy: 'Ada' },
}

function views(given: Partial<ViewInput> = {}) {
  const hues = new Hues(['172.25.254.2', '172.25.254.3'])
  return realServerViews({
    ...{ service, live: live(entry(TWO), entry(THREE)), isRead: true, drains: [] },
    ...{ ours: new Set<string>(), unreachable: new Set<string>() },
    hueOf: (rip) => hues.indexOf(rip),
    ...given,
  })
}
const states = (given?: Partial<ViewInput>) => views(given).map(({ id, state }) => [id, state])

test('what is desired and in the table with a weight is in rotation, with its figures', () => {
  expect(views()[0]).toMatchObject({
    ...{ id: TWO, name: 'server2', state: 'in-rotation', index: 0 },
    ...{ weight: 1, active: 4, inactive: 9, newPerSecond: 2, inBytesPerSecond: 900 },
  })
})

test('a weight of 0 in the table is quiesced, whatever desired says', () => {
  expect(states({ live: live(entry(TWO, { weight: 0 }), entry(THREE)) })).toEqual([
    [TWO, 'quiesced'],
    [THREE, 'in-rotation'],
  ])
})

test('before the director was read nothing is known, and nothing is called not applied', () => {
  const [row] = views({ live: undefined, isRead: false })
  expect(row).toMatchObject({
    state: 'unknown',
    unknown: { counts: 'not-read', rates: 'not-read' },
  })
  expect(row).not.toHaveProperty('active')
  expect(row).not.toHaveProperty('weight')
})

test('what is desired and not in a table that was read is not applied', () => {
  expect(states({ live: live(entry(TWO)) })).toEqual([
    [TWO, 'in-rotation'],
    [THREE, 'not-applied'],
  ])
})

test('an entry that is neither desired nor in the ledger is foreign, with the RIP as its name', () => {
  const rows = views({ live: live(entry(TWO), entry(THREE), entry('172.25.254.9:80')) })
  expect(rows[2]).toMatchObject({ name: '172.25.254.9', state: 'foreign', index: 2 })
})

test('an IPv6 entry that only the table knows is named without brackets', () => {
  const rows = views({ live: live(entry('[fd00::9]:80')) })
  expect(rows.at(-1)).toMatchObject({ id: '[fd00::9]:80', rip: 'fd00::9' })
})

test('an entry of ours that is no longer desired is to be removed', () => {
  const left = '172.25.254.4:80'
  const given = { live: live(entry(left)), ours: new Set([historyKey(WEB, left)]) }
  expect(states(given).at(-1)).toEqual([left, 'to-remove'])
})

test('a drain begins when the table says weight 0, not when it was asked for', () => {
  const drains = [drain]
  expect(states({ drains })).toContainEqual([THREE, 'drain-planned'])
  const quiet = live(entry(TWO), entry(THREE, { weight: 0, active: 0 }))
  const draining = views({ drains, live: quiet })[1]
  expect(draining).toMatchObject({ state: 'draining', active: 0, drain: { id: 'd1' } })
  expect(states({ drains: [{ ...drain, isRemoving: true }], live: quiet })).toContainEqual([
    THREE,
    'removing',
  ])
})

test('a host that cannot be reached is said of its real server, whose counts are known all the same', () => {
  const row = views({ unreachable: new Set(['h3']) })[1]
  expect(row).toMatchObject({ isUnreachable: true, state: 'in-rotation', active: 4 })
})

test('a rate that is not known stays away, with its reason', () => {
  const { connectionsPerSecond: _, inBytesPerSecond: __, ...counts } = entry(TWO)
  const [row] = views({ live: live({ ...counts, ratesUnknown: 'first-read' }) })
  expect(row).not.toHaveProperty('newPerSecond')
  expect(row?.unknown.rates).toBe('first-read')
})

test('rows keep the order of desired, whatever the order of the table', () => {
  expect(states({ live: live(entry(THREE), entry(TWO)) })).toEqual(states())
})

test('a service that is no longer desired but still runs is shown after the others', () => {
  const old = { ...live(), key: 'tcp 172.25.254.100:443', scheduler: 'wlc' }
  const all = allServices([service], [live(), old])
  expect(all.map(({ key, endpoint, id }) => [key, endpoint, id])).toEqual([
    [WEB, '172.25.254.100:80', 's1'],
    ['tcp 172.25.254.100:443', '172.25.254.100:443', undefined],
  ])
})

test('the shape of what runs changes with entries and weights, not with counts', () => {
  const director = { hostId: 'd', name: 'director', readAt: 1, absent: false }
  const shape = (...realServers: LiveRealServer[]) =>
    shapeOf({ directors: [director], services: [live(...realServers)] })
  expect(shape(entry(TWO))).toBe(shape(entry(TWO, { active: 99, inactive: 0 })))
  expect(shape(entry(TWO))).not.toBe(shape(entry(TWO, { weight: 0 })))
  expect(shape(entry(TWO))).not.toBe(shape(entry(TWO), entry(THREE)))
  expect(shapeOf({ directors: [{ ...director, readAt: undefined } as never], services: [] })).toBe(
    undefined,
  )
})

test('a hue stays with its thing when another comes or goes', () => {
  const hues = new Hues(['a', 'b'])
  expect(['b', 'c', 'a', 'c'].map((name) => hues.indexOf(name))).toEqual([1, 2, 0, 2])
})

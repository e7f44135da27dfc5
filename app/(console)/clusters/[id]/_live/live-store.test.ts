import { expect, test, vi } from 'vitest'
import type { LiveRealServer, LiveService, LiveSnapshot } from '@/lib/lvs/live'
import { joinServices, LiveStore } from './live-store'

const WEB = 'tcp 172.25.254.100:80'
const TWO = '172.25.254.2:80'
const NOW = 1_000_000

const entry = (key: string, active: number, more: Partial<LiveRealServer> = {}) =>
  ({ key, weight: 1, active, inactive: 1, ...more }) satisfies LiveRealServer
const service = (hostId: string, ...realServers: LiveRealServer[]): LiveService => ({
  ...{ hostId, key: WEB, scheduler: 'rr', realServers },
  distribution: {
    ...{ connections: 0, seconds: 0, shares: [], tone: 'neutral' },
    verdict: { code: 'distribution.waiting', values: {} },
  },
})
const director = (more: object = {}) => ({ hostId: 'd', name: 'director', absent: false, ...more })
const snapshot = (readAt: number, active: number, more: object = {}): LiveSnapshot => ({
  directors: [director({ readAt, ageMs: 500, ...more })],
  services: [service('d', entry(TWO, active))],
})

/** Tunboard's clock is at NOW; this browser's is an hour ahead. */
const AHEAD = 3_600_000
function store(initial?: LiveSnapshot) {
  const made = new LiveStore(initial, () => NOW + AHEAD)
  made.takeHistory({
    now: NOW,
    at: [NOW - 4000, NOW - 2000],
    active: { [WEB]: { [TWO]: [4, null] } },
  })
  return made
}

test('a browser whose clock is wrong still shows the right age', () => {
  const live = store()
  live.takeSnapshot(snapshot(NOW - 500, 6))
  expect(live.read().readAt).toBe(NOW + AHEAD - 500)
  expect(live.now()).toBe(NOW)
  expect(live.toOwnClock(NOW)).toBe(NOW + AHEAD)
})

test('history and readings make one line', () => {
  const live = store()
  live.takeSnapshot(snapshot(NOW, 6))
  const [times, two] = live.history.columns(WEB, [TWO])
  expect(times).toEqual([NOW - 4000, NOW - 2000, NOW].map((at) => at / 1000))
  expect(two).toEqual([4, null, 6])
})

test('what is known before the stream opens is shown, and is not called live', () => {
  const { stream, snapshot: known } = new LiveStore(snapshot(NOW, 6), () => NOW).read()
  expect(stream).toBe('connecting')
  expect(known?.services).toHaveLength(1)
})

test('old counts of a lost director are no points of the line', () => {
  const live = store()
  live.takeSnapshot(snapshot(NOW, 6))
  const lost = { since: NOW, reason: { code: 'unreachable.tcp', values: {} } }
  live.takeSnapshot(snapshot(NOW, 6, { lost }))
  expect(live.history.columns(WEB, [TWO])[1]).toEqual([4, null, 6])
  expect(live.read().readAt).toBe(NOW + AHEAD - 500)
})

test('it is quiet when nothing has come for a while', () => {
  const live = new LiveStore(undefined, () => NOW)
  expect(live.isQuiet()).toBe(false)
  live.takeSnapshot(snapshot(NOW - 30_000, 6))
  expect(live.isQuiet()).toBe(true)
  live.takeSnapshot(snapshot(NOW - 1000, 6))
  expect(live.isQuiet()).toBe(false)
})

test('every change is told once, and nobody is told who has left', () => {
  const live = store()
  const listener = vi.fn()
  const stop = live.subscribe(listener)
  live.setStream('reconnecting')
  live.setStream('reconnecting')
  expect(listener).toHaveBeenCalledTimes(1)
  stop()
  live.takeSnapshot(snapshot(NOW, 6))
  expect(listener).toHaveBeenCalledTimes(1)
  expect(live.read().stream).toBe('open')
})

test('counts of one real server on two directors are added; a rate that one lacks is not known', () => {
  const joined = joinServices([
    service('d', entry(TWO, 4, { connectionsPerSecond: 2, inBytesPerSecond: 10 })),
    service('e', entry(TWO, 3, { connectionsPerSecond: 1 }), entry('172.25.254.3:80', 9)),
  ])
  expect(joined?.realServers).toEqual([
    { key: TWO, weight: 1, active: 7, inactive: 2, connectionsPerSecond: 3 },
    entry('172.25.254.3:80', 9),
  ])
  expect(joinServices([])).toBeUndefined()
})

import { expect, test } from 'vitest'
import type { LiveService } from './live'
import { addPoint, noHistory, showHistory } from './live-history'

const service = (key: string, active: Record<string, number>): LiveService => ({
  ...{ hostId: 'd', key, scheduler: 'rr' },
  realServers: Object.entries(active).map(([name, count]) => ({
    ...{ key: name, weight: 1, active: count, inactive: 0 },
  })),
  distribution: {
    ...{ connections: 0, seconds: 0, shares: [], tone: 'neutral' },
    verdict: { code: 'distribution.waiting', values: {} },
  },
})

test('a lost director and a real server that was not there are gaps, not 0', () => {
  const history = noHistory()
  addPoint(history, 1000, [service('web', { a: 1 })])
  addPoint(history, 3000, undefined)
  addPoint(history, 5000, [service('web', { a: 0, b: 7 })])
  addPoint(history, 7000, [service('web', { b: 8 })])
  expect(showHistory(history, 8000)).toEqual({
    now: 8000,
    at: [1000, 3000, 5000, 7000],
    active: { web: { a: [1, null, 0, null], b: [null, null, 7, 8] } },
  })
})

test('two directors of one service are one column: their connections are added up', () => {
  const history = noHistory()
  addPoint(history, 1000, [service('web', { a: 1 }), service('web', { a: 4, b: 2 })])
  expect(showHistory(history, 1000).active).toEqual({ web: { a: [5], b: [2] } })
})

test('after ten minutes points are forgotten, and real servers that left with them', () => {
  const history = noHistory()
  addPoint(history, 0, [service('web', { gone: 3, stays: 3 })])
  for (let at = 2000; at <= 700_000; at += 2000)
    addPoint(history, at, [service('web', { stays: 1 })])
  const { at, active } = showHistory(history, 700_000)
  expect([at[0], at.length]).toEqual([100_000, 301])
  expect(Object.keys(active.web ?? {})).toEqual(['stays'])
  expect(active.web?.stays).toHaveLength(301)
})

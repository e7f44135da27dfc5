import { expect, test } from 'vitest'
import type { LiveService, LiveSnapshot } from '@/lib/lvs/live'
import { activeSamples, liveFigures } from './live-figures'

const service = (rate: number | undefined, ...active: number[]): LiveService => ({
  hostId: 'd',
  key: 'tcp 10.0.0.1:80',
  scheduler: 'rr',
  realServers: active.map((count) => ({ key: `r${count}`, weight: 1, active: count, inactive: 0 })),
  ...(rate !== undefined && { connectionsPerSecond: rate }),
  distribution: {} as LiveService['distribution'],
})
const director = { hostId: 'd', name: 'director', readAt: 5000, absent: false }

test('the figures of all services are added, and 0 is a figure', () => {
  const live: LiveSnapshot = {
    directors: [director],
    services: [service(1.5, 40, 2), service(0, 0)],
  }
  expect(liveFigures(live)).toEqual({ active: 42, connectionsPerSecond: 1.5, readAt: 5000 })
})

test('one rate that is not known makes the sum unknown, not smaller', () => {
  const live: LiveSnapshot = {
    directors: [director],
    services: [service(3, 1), service(undefined, 2)],
  }
  expect(liveFigures(live)).toEqual({ active: 3, readAt: 5000 })
})

test('counts of a director that is lost are not shown as if they were true', () => {
  const lost = { since: 1, reason: { code: 'x', values: {} } }
  const live: LiveSnapshot = { directors: [{ ...director, lost }], services: [service(3, 1)] }
  expect(liveFigures(live)).toEqual({ readAt: 5000 })
})

test('a time without a reading is a gap in the line, and so is one with a hole in it', () => {
  const now = 600_000
  const history = {
    now,
    at: [10_000, 20_000, 310_000, 590_000],
    active: { s: { a: [1, 3, 5, 7], b: [1, 1, null, 0] } },
  }
  expect(activeSamples(history, 4)).toEqual([3, undefined, undefined, 7])
})

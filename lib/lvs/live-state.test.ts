import { describe, expect, test } from 'vitest'
import { Unreadable } from '@/lib/errors'
import type { LiveService } from './live'
import { advance, type DirectorState, NO_STATE, type Reading, showService } from './live-state'

const HEADER = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
`
const KEY = 'tcp 172.25.254.100:80'
type Row = { rip: number; weight?: number; active?: number; connections: number }

const table = (rows: Row[], service = 'rr  ') =>
  `${HEADER}TCP  AC19FE64:0050 ${service}\n${rows
    .map(
      ({ rip, weight = 1, active = 0 }) =>
        `  -> AC19FE0${rip}:0050      Tunnel  ${weight}      ${active}          0         \n`,
    )
    .join('')}`

const totals = (rows: Row[]) => {
  const columns = (n: number) => `${n} ${n * 7} 0 ${n * 400} 0`
  const sum = rows.reduce((total, row) => total + row.connections, 0)
  return `TCP  172.25.254.100:80  ${columns(sum)}\n${rows
    .map(({ rip, connections }) => `  -> 172.25.254.${rip}:80  ${columns(connections)}\n`)
    .join('')}`
}

const reading = (uptimeSeconds: number, rows: Row[], changes: Partial<Reading> = {}): Reading => ({
  bootId: 'a',
  uptimeSeconds,
  table: table(rows),
  totals: totals(rows),
  denied: false,
  ...changes,
})
const play = (...readings: Reading[]): DirectorState => readings.reduce(advance, NO_STATE)

function show(state: DirectorState, denied = false): LiveService {
  const service = showService(state, KEY, { hostId: 'd', denied })
  if (service === undefined) throw new Error('not in the table')
  return service
}

test('20 alternating requests: counts, rates and 50/50 within three readings of totals', () => {
  const state = play(
    reading(100, [
      { rip: 3, connections: 0 },
      { rip: 2, connections: 0 },
    ]),
    reading(104, [
      { rip: 3, connections: 0 },
      { rip: 2, connections: 0 },
    ]),
    reading(108, [
      { rip: 3, connections: 6 },
      { rip: 2, connections: 6 },
    ]),
    reading(112, [
      { rip: 3, active: 1, connections: 10 },
      { rip: 2, active: 2, connections: 10 },
    ]),
  )
  expect(show(state)).toMatchObject({
    key: KEY,
    scheduler: 'rr',
    connectionsPerSecond: 2,
    inBytesPerSecond: 800,
    realServers: [
      { key: '172.25.254.3:80', active: 1, connectionsPerSecond: 1, share: 0.5, promised: 0.5 },
      { key: '172.25.254.2:80', active: 2, connectionsPerSecond: 1, share: 0.5, promised: 0.5 },
    ],
    distribution: {
      connections: 20,
      seconds: 12,
      verdict: { code: 'distribution.even' },
      tone: 'good',
    },
  })
})

test('a reading without totals changes counts and keeps rates', () => {
  const rows = [{ rip: 2, connections: 8 }]
  const state = play(reading(100, [{ rip: 2, connections: 0 }]), reading(104, rows), {
    bootId: 'a',
    uptimeSeconds: 106,
    table: table([{ rip: 2, active: 5, connections: 0 }]),
    denied: false,
  })
  expect(show(state).realServers).toEqual([
    {
      ...{ key: '172.25.254.2:80', weight: 1, active: 5, inactive: 0, share: 1, promised: 1 },
      ...{ connectionsPerSecond: 2, inBytesPerSecond: 800 },
    },
  ])
})

describe('what is not known says why', () => {
  const why = (state: DirectorState, denied = false) =>
    show(state, denied).realServers.map(({ ratesUnknown, connectionsPerSecond }) => [
      ratesUnknown,
      connectionsPerSecond,
    ])
  const first = reading(100, [{ rip: 2, connections: 9 }])

  test('the first reading, and a real server that was just added', () => {
    expect(why(play(first))).toEqual([['first-read', undefined]])
    const second = reading(104, [
      { rip: 2, connections: 9 },
      { rip: 3, connections: 0 },
    ])
    expect(why(play(first, second))).toEqual([
      [undefined, 0],
      ['first-read', undefined],
    ])
  })

  test('counters that were set back', () => {
    expect(why(play(first, reading(104, [{ rip: 2, connections: 3 }])))).toEqual([
      ['reset', undefined],
    ])
  })

  test('a reboot', () => {
    const rebooted = reading(8, [{ rip: 2, connections: 9 }], { bootId: 'b' })
    expect(why(play(first, rebooted))[0]?.[1]).toBeUndefined()
  })

  test('totals that may not be read; the counts stay', () => {
    const { totals: _, ...untold } = reading(104, [{ rip: 2, active: 4, connections: 9 }])
    const state = play(first, { ...untold, denied: true })
    expect(why(state, true)).toEqual([['denied', undefined]])
    expect(show(state, true).realServers[0]?.active).toBe(4)
    expect(show(state, true).distribution.verdict.code).toBe('distribution.denied')
  })
})

test('a changed weight begins another window, and so does another scheduler', () => {
  const at = (seconds: number, n: number, weight: number, scheduler = 'wrr  ') => {
    const rows = [
      { rip: 2, weight, connections: n },
      { rip: 3, connections: n },
    ]
    return reading(seconds, rows, { table: table(rows, scheduler) })
  }
  const before = play(at(100, 0, 1), at(112, 20, 1))
  expect(show(before).distribution).toMatchObject({ connections: 40, seconds: 12 })
  const changed = advance(before, at(116, 30, 5))
  expect(show(changed).distribution).toMatchObject({ connections: 0, seconds: 0 })
  const other = advance(before, at(116, 30, 1, 'rr  '))
  expect(show(other).distribution.verdict.code).toBe('distribution.waiting')
})

test('without the module there is no service, and nonsense is refused', () => {
  const { table: _, ...absent } = reading(104, [])
  const state = play(reading(100, [{ rip: 2, connections: 1 }]), absent)
  expect(showService(state, KEY, { hostId: 'd', denied: false })).toBeUndefined()
  expect(() => advance(state, reading(108, [], { table: 'Killed\n' }))).toThrow(Unreadable)
})

test('persistence is not judged by connections', () => {
  const rows = [{ rip: 2, connections: 0 }]
  const sticky = { table: table(rows, 'rr  persistent 36000 FFFFFFFF') }
  expect(show(play(reading(100, rows, sticky))).distribution.verdict.code).toBe(
    'distribution.not-testable',
  )
})

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseStats, type Totals } from './parse-stats'
import { type CounterSample, ratesOf, risesBetween } from './stats'

const KEY = { kind: 'address', protocol: 'tcp', vip: '10.0.0.1', port: 80 } as const
const RIP = { rip: '10.0.0.2', port: 80 }
const OTHER = { rip: '10.0.0.3', port: 80 }

const totals = (connections: number, inBytes = connections * 400): Totals => ({
  connections,
  inPackets: connections * 7,
  outPackets: 0,
  inBytes,
  outBytes: 0,
})
type Entry = CounterSample['services'][number]['entries'][number]
const sample = (at: number, service: Totals, entries: Entry[], bootId = 'a'): CounterSample => ({
  at,
  bootId,
  services: [{ key: KEY, ...service, entries }],
})
const entry = (of: Totals, key = RIP): Entry => ({ key, ...of })

test('rates come from the two samples and their own times', () => {
  const before = sample(1000, totals(10), [entry(totals(10))])
  const after = sample(3500, totals(35), [entry(totals(35))])
  const [service] = risesBetween(before, after)
  expect(service?.entries[0]?.rise).toEqual({ connections: 25, inPackets: 175, inBytes: 10000 })
  expect(service?.rise && ratesOf(service.rise, 2500)).toEqual({
    connectionsPerSecond: 10,
    inPacketsPerSecond: 70,
    inBytesPerSecond: 4000,
  })
})

test('no traffic is 0, which is not a gap', () => {
  const before = sample(0, totals(10), [entry(totals(10))])
  const after = { ...before, at: 2000 }
  expect(risesBetween(before, after)[0]?.rise).toEqual({ connections: 0, inPackets: 0, inBytes: 0 })
})

describe('a gap, never 0', () => {
  const before = sample(0, totals(10), [entry(totals(10))])
  const gap = [{ key: KEY, entries: [{ key: RIP }] }]

  test.each<[string, CounterSample | undefined, CounterSample]>([
    ['the first sample', undefined, before],
    ['after a reboot', before, sample(2000, totals(20), [entry(totals(20))], 'b')],
    ['after -Z', before, sample(2000, totals(3), [entry(totals(3))])],
    ['when the clock did not move', before, { ...before, at: 0 }],
    ['a service that was not there', { ...before, services: [] }, { ...before, at: 2000 }],
    ['bytes that fell alone', before, sample(2000, totals(12, 1), [entry(totals(12))])],
  ])('%s', (_, first, second) => {
    expect(risesBetween(first, second)).toEqual(gap)
  })

  test('an entry that was not there has none, its service has', () => {
    const after = sample(2000, totals(14), [entry(totals(12)), entry(totals(2), OTHER)])
    const [service] = risesBetween(before, after)
    expect(service?.rise?.connections).toBe(4)
    expect(service?.entries.map(({ rise }) => rise?.connections)).toEqual([2, undefined])
  })

  test('an entry made anew under its old key has none', () => {
    const after = sample(2000, totals(14), [entry(totals(1))])
    expect(risesBetween(before, after)[0]?.entries).toEqual([{ key: RIP }])
  })
})

describe('the 32 bits of ipvsadm for entries', () => {
  const wrapped = (connections: number, packets: number, inBytes: number): Totals => ({
    ...totals(connections, inBytes),
    inPackets: packets,
  })

  test('a counter that fell while bytes and the service rose has wrapped', () => {
    const before = sample(0, wrapped(5e9, 9e9, 1e12), [entry(wrapped(2 ** 32 - 5, 100, 1e12))])
    const after = sample(2000, wrapped(5e9 + 15, 9e9 + 90, 2e12), [entry(wrapped(10, 190, 2e12))])
    expect(risesBetween(before, after)[0]?.entries[0]?.rise).toEqual({
      connections: 15,
      inPackets: 90,
      inBytes: 1e12,
    })
  })

  test('without a rise of the service it is no wrap but a gap', () => {
    const before = sample(0, wrapped(7, 70, 100), [entry(wrapped(7, 70, 100))])
    const after = sample(2000, wrapped(7, 70, 100), [entry(wrapped(2, 70, 100))])
    expect(risesBetween(before, after)[0]?.entries).toEqual([{ key: RIP }])
  })

  test('whatever the totals, rises are what was added, in any number of samples', () => {
    const steps = fc.array(fc.nat(2 ** 30), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 40n }), steps, (start, added) => {
        let total = Number(start)
        let previous: CounterSample | undefined
        let seen = 0
        for (const [index, step] of [0, ...added].entries()) {
          total += step
          const shown = wrapped(total % 2 ** 32, (total * 3) % 2 ** 32, total * 40)
          const next = sample(index + 1, wrapped(total, total * 3, total * 40), [entry(shown)])
          seen += risesBetween(previous, next)[0]?.entries[0]?.rise?.connections ?? 0
          previous = next
        }
        expect(seen).toBe(added.reduce((a, b) => a + b, 0))
      }),
      { seed: 6 },
    )
  })
})

test('a capture compared with itself has no traffic anywhere and no gap', () => {
  const text = readFileSync(
    new URL('./fixtures/multi/ipvsadm-Ln-stats-exact.txt', import.meta.url),
    'utf8',
  )
  const { services } = parseStats(text)
  const rises = risesBetween({ at: 0, bootId: 'a', services }, { at: 2000, bootId: 'a', services })
  expect(rises).toHaveLength(services.length)
  for (const { rise, entries } of rises)
    for (const each of [rise, ...entries.map((one) => one.rise)]) expect(each?.inBytes).toBe(0)
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Balanced, judgeDistribution } from './distribution'
import { SCHEDULER_NAMES } from './scheduler'
import { slideWindow, sumWindow, type Window, type WindowSum } from './window'

const service = (scheduler: string, weights: number[], persistent = false): Balanced => ({
  scheduler,
  persistent,
  entries: weights.map((weight, index) => ({ name: `10.0.0.${index + 2}:80`, weight })),
})
const sumOf = (counts: number[], seconds = 30, edgePerSecond = 0): WindowSum => ({
  seconds,
  connections: new Map(counts.map((count, index) => [`10.0.0.${index + 2}:80`, count])),
  edgePerSecond,
})
const code = (balanced: Balanced, window: WindowSum | undefined) =>
  judgeDistribution(balanced, window).verdict.code

describe('rr', () => {
  test('20 requests, 10 and 10, are even: 50/50 as promised', () => {
    expect(judgeDistribution(service('rr', [1, 1]), sumOf([10, 10]))).toEqual({
      connections: 20,
      seconds: 30,
      shares: [
        { name: '10.0.0.2:80', connections: 10, share: 0.5, promised: 0.5 },
        { name: '10.0.0.3:80', connections: 10, share: 0.5, promised: 0.5 },
      ],
      verdict: { code: 'distribution.even', values: { scheduler: 'rr', connections: 20 } },
      tone: 'good',
    })
  })

  test('a deviation of 2 is allowed, more is not, and the worst is named', () => {
    expect(code(service('rr', [1, 1]), sumOf([12, 8]))).toBe('distribution.even')
    expect(judgeDistribution(service('rr', [1, 5]), sumOf([13, 7]))).toMatchObject({
      tone: 'bad',
      verdict: {
        code: 'distribution.uneven',
        values: { realServer: '10.0.0.2:80', measured: 65, promised: 50, connections: 20 },
      },
    })
  })

  test('one that gets nothing is uneven', () => {
    expect(code(service('rr', [1, 1, 1]), sumOf([30, 30, 0]))).toBe('distribution.uneven')
  })

  test('a small bias that chance would excuse is found in many connections', () => {
    expect(code(service('rr', [1, 1]), sumOf([1010, 990]))).toBe('distribution.uneven')
  })

  test('steady traffic may tear by what comes within one tick of the kernel, 2 s', () => {
    expect(code(service('rr', [1, 1]), sumOf([1010, 990], 30, 60))).toBe('distribution.even')
    expect(code(service('rr', [1, 1]), sumOf([1100, 900], 30, 60))).toBe('distribution.uneven')
  })

  test('a perfect alternation is even, wherever it was cut', () => {
    const runs = fc.record({
      servers: fc.integer({ min: 1, max: 12 }),
      requests: fc.integer({ min: 20, max: 500 }),
      first: fc.nat(11),
    })
    fc.assert(
      fc.property(runs, ({ servers, requests, first }) => {
        const counts = Array<number>(servers).fill(0)
        for (let n = 0; n < requests; n++) {
          const at = (first + n) % servers
          counts[at] = (counts[at] ?? 0) + 1
        }
        return code(service('rr', Array(servers).fill(1)), sumOf(counts)) === 'distribution.even'
      }),
      { seed: 7 },
    )
  })
})

describe('wrr', () => {
  test('promises weight over the sum of weights', () => {
    const { shares, verdict } = judgeDistribution(service('wrr', [3, 1]), sumOf([15, 5]))
    expect(shares.map((share) => share.promised)).toEqual([0.75, 0.25])
    expect(verdict.code).toBe('distribution.even')
  })

  test('equal counts are not what 9:1 promises', () => {
    expect(code(service('wrr', [9, 1]), sumOf([100, 100]))).toBe('distribution.uneven')
  })

  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))

  /** One cycle of net/netfilter/ipvs/ip_vs_wrr.c, ip_vs_wrr_schedule: places of real servers in their order. */
  function cycle(weights: number[]): number[] {
    const step = weights.reduce(gcd)
    const most = Math.max(...weights)
    const rounds = Array.from({ length: most / step }, (_, round) => most - round * step)
    return rounds.flatMap((current) =>
      weights.flatMap((weight, at) => (weight >= current ? at : [])),
    )
  }

  function walk(weights: number[], requests: number): number[] {
    const places = cycle(weights)
    const counts = weights.map(() => 0)
    for (let n = 0; n < requests; n++) {
      const at = places[n % places.length] ?? 0
      counts[at] = (counts[at] ?? 0) + 1
    }
    return counts
  }

  test("the kernel's own walk is even, wherever it was cut", () => {
    const weights = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(weights, fc.integer({ min: 20, max: 600 }), (all, requests) => {
        return code(service('wrr', all), sumOf(walk(all, requests))) === 'distribution.even'
      }),
      { seed: 8 },
    )
  })
})

describe('where there is nothing to test', () => {
  test('too few: it says how many there were, and how many it takes', () => {
    expect(judgeDistribution(service('rr', [1, 1]), sumOf([10, 9]))).toMatchObject({
      tone: 'neutral',
      verdict: { code: 'distribution.too-few', values: { connections: 19, needed: 20 } },
    })
  })

  test('too short a time, or none yet', () => {
    expect(judgeDistribution(service('rr', [1, 1]), sumOf([10, 10], 6)).verdict).toEqual({
      code: 'distribution.waiting',
      values: { seconds: 4 },
    })
    const none = judgeDistribution(service('rr', [1, 1]), undefined)
    expect(none.verdict.code).toBe('distribution.waiting')
    expect(none.shares).toEqual([
      { name: '10.0.0.2:80', promised: 0.5 },
      { name: '10.0.0.3:80', promised: 0.5 },
    ])
  })

  test('sticky clients are not testable by connections', () => {
    expect(code(service('rr', [1, 1], true), sumOf([100, 0]))).toBe('distribution.not-testable')
  })

  test.each([
    ['lc', 'distribution.by-least'],
    ['wlc', 'distribution.by-least'],
    ['sh', 'distribution.by-hash'],
    ['mh', 'distribution.by-hash'],
    ['lblc', 'distribution.by-hash'],
    ['sed', 'distribution.by-priority'],
    ['nq', 'distribution.by-priority'],
    ['ovf', 'distribution.by-priority'],
    ['twos', 'distribution.by-chance'],
    ['none', 'distribution.unknown'],
  ])('%s promises no share of connections: %s', (scheduler, expected) => {
    const judged = judgeDistribution(service(scheduler, [1, 1]), sumOf([100, 0]))
    expect(judged).toMatchObject({ tone: 'neutral', verdict: { code: expected } })
    expect(judged.shares[0]).toEqual({ name: '10.0.0.2:80', connections: 100, share: 1 })
  })

  test('every scheduler gets a verdict, with no server as well', () => {
    for (const scheduler of SCHEDULER_NAMES) {
      expect(code(service(scheduler, []), undefined)).toBe('distribution.no-real-server')
      expect(code(service(scheduler, [1, 2]), sumOf([40, 80]))).toMatch(/^distribution\./)
    }
  })
})

describe('quiesced', () => {
  test('a quiesced real server is promised nothing, the others share', () => {
    const { shares, verdict } = judgeDistribution(service('rr', [1, 0, 1]), sumOf([20, 0, 20]))
    expect(shares.map((share) => share.promised)).toEqual([0.5, 0, 0.5])
    expect(verdict.code).toBe('distribution.even')
  })

  test('if it received connections all the same, that is said first', () => {
    expect(judgeDistribution(service('rr', [1, 0, 1]), sumOf([20, 3, 20]))).toMatchObject({
      tone: 'bad',
      verdict: {
        code: 'distribution.quiesced-received',
        values: { realServer: '10.0.0.3:80', connections: 3 },
      },
    })
  })
})

describe('the window', () => {
  const interval = (from: number, a: number, b: number) => ({
    from,
    to: from + 2000,
    connections: new Map([
      ['a', a],
      ['b', b],
    ]),
  })
  const fill = (...all: (ReturnType<typeof interval> | undefined)[]): Window =>
    all.reduce<Window>((window, one) => slideWindow(window, 'rr', one, 10_000), {
      identity: 'rr',
      intervals: [],
    })

  test('adds up what happened, with the rate at its busier edge', () => {
    expect(sumWindow(fill(interval(0, 2, 0), interval(2000, 9, 9), interval(4000, 4, 2)))).toEqual({
      seconds: 6,
      connections: new Map([
        ['a', 15],
        ['b', 11],
      ]),
      edgePerSecond: 3,
    })
  })

  test('forgets what is older than it keeps', () => {
    const many = Array.from({ length: 9 }, (_, index) => interval(index * 2000, 1, 1))
    expect(sumWindow(fill(...many))?.seconds).toBe(10)
  })

  test('a gap or another identity begins anew, and that interval counts nowhere', () => {
    expect(sumWindow(fill(interval(0, 1, 1), undefined))).toBeUndefined()
    const changed = slideWindow(fill(interval(0, 1, 1)), 'wrr', interval(2000, 9, 9), 10_000)
    expect(changed).toEqual({ identity: 'wrr', intervals: [] })
  })
})

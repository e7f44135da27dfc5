import { expect, test } from 'vitest'
import { CountHistory, historyKey } from './count-history'

const WEB = 'tcp 172.25.254.100:80'
const [TWO, THREE] = ['172.25.254.2:80', '172.25.254.3:80']

const active = (two: number, three?: number) =>
  new Map([
    [historyKey(WEB, TWO), two],
    ...(three === undefined ? [] : [[historyKey(WEB, THREE), three] as const]),
  ])

function history(...samples: { at: number; active?: ReadonlyMap<string, number> }[]) {
  const made = new CountHistory(600_000)
  for (const sample of samples) made.push(sample)
  return made
}

test('counts become a column per real server, over seconds', () => {
  const two = history({ at: 2000, active: active(4, 5) }, { at: 4000, active: active(6, 0) })
  expect(two.columns(WEB, [TWO, THREE])).toEqual([
    [2, 4],
    [4, 6],
    [5, 0],
  ])
})

test('a director that could not be read is a gap, not 0', () => {
  const lost = history(
    { at: 2000, active: active(4) },
    { at: 4000 },
    { at: 6000, active: active(4) },
  )
  expect(lost.columns(WEB, [TWO])).toEqual([
    [2, 4, 6],
    [4, null, 4],
  ])
})

test('a real server that was not in the table has a gap there', () => {
  const added = history({ at: 2000, active: active(4) }, { at: 4000, active: active(4, 1) })
  expect(added.columns(WEB, [THREE])).toEqual([
    [2, 4],
    [null, 1],
  ])
})

test('a long time without samples is a gap', () => {
  const slept = history({ at: 2000, active: active(4) }, { at: 60_000, active: active(4) })
  expect(slept.columns(WEB, [TWO])).toEqual([
    [2, 2.001, 60],
    [4, null, 4],
  ])
})

test('time goes on after the last sample, without it', () => {
  const ended = history({ at: 2000, active: active(4) })
  expect(ended.columns(WEB, [TWO], 11_000)).toEqual([[2], [4]])
  expect(ended.columns(WEB, [TWO], 60_000)).toEqual([
    [2, 60],
    [4, null],
  ])
})

test('a sample that comes twice counts once, an old one not at all', () => {
  const twice = history({ at: 4000, active: active(4) }, { at: 4000, active: active(9) })
  twice.push({ at: 2000, active: active(9) })
  expect(twice.columns(WEB, [TWO])).toEqual([[4], [4]])
})

test('what is older than it keeps is forgotten', () => {
  const kept = new CountHistory(4000)
  for (const at of [0, 2000, 4000, 6000]) kept.push({ at, active: active(at) })
  expect(kept.columns(WEB, [TWO])[0]).toEqual([2, 4, 6])
})

test('a count of a moment is that of the sample before it, unless that is too long ago', () => {
  const known = history({ at: 2000, active: active(4) }, { at: 4000, active: active(6) })
  const key = historyKey(WEB, TWO)
  expect(known.valueAt(key, 3999)).toBe(4)
  expect(known.valueAt(key, 1000)).toBeUndefined()
  expect(known.valueAt(key, 60_000)).toBeUndefined()
  expect(known.range(key)).toEqual({ lowest: 4, highest: 6 })
  expect(known.range(historyKey(WEB, THREE))).toBeUndefined()
})

import { expect, test } from 'vitest'
import { ageParts } from './age-parts'

test.each([
  [-1500, 'now', 0],
  [999, 'now', 0],
  [1000, 'seconds', 1],
  [59_999, 'seconds', 59],
  [60_000, 'minutes', 1],
  [3_599_999, 'minutes', 59],
  [3_600_000, 'hours', 1],
  [86_400_000, 'days', 1],
] as const)('an age of %i ms is said in %s as %i', (ms, unit, count) => {
  expect(ageParts(ms)).toEqual({ unit, count })
})

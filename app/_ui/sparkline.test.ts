import { expect, test } from 'vitest'
import { sparkPath } from './sparkline'

test('a missing sample breaks the line instead of drawing a zero', () => {
  expect(sparkPath([0, undefined, 10, 5], 30, 10, 10)).toBe('M0 10M20 0L30 5')
})

test('a line of zeros lies on the ground, and one sample is one point', () => {
  expect(sparkPath([0, 0], 10, 10, 0)).toBe('M0 10L10 10')
  expect(sparkPath([3], 10, 10, 3)).toBe('M0 0')
})

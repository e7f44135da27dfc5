import { expect, test } from 'vitest'
import { formatClock } from './duration'

test.each([
  [42_000, '00:42'],
  [41_001, '00:42'],
  [725_000, '12:05'],
  [3_600_000, '1:00:00'],
  [36_061_000, '10:01:01'],
  [0, '00:00'],
  [-5000, '00:00'],
])('%i ms left are shown as %s', (ms, text) => {
  expect(formatClock(ms)).toBe(text)
})

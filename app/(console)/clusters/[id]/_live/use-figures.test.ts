import { expect, test } from 'vitest'
import { bytesParts, digitsOf, listShares } from './use-figures'

test.each([
  [0, 0, 'B'],
  [999, 999, 'B'],
  [1000, 1, 'kB'],
  [999_400, 999.4, 'kB'],
  [999_600, 0.9996, 'MB'],
  [5e15, 5000, 'TB'],
] as const)('%i bytes are shown as %d %s', (bytes, value, unit) => {
  expect(bytesParts(bytes)).toEqual({ value, unit })
})

test('a rate shows one digit only where it is small and not zero', () => {
  expect([0, 0.2, 9.94, 9.95, 120].map(digitsOf)).toEqual([0, 1, 1, 0, 0])
})

test('few shares are said one by one, of many the lowest and the highest', () => {
  const write = (share: number) => (share * 100).toFixed(1)
  expect(listShares([0.334, 0.333, 0.333], write)).toBe('33.4 / 33.3 / 33.3')
  expect(listShares([0.2, 0.19, 0.21, 0.2, 0.2], write)).toBe('19.0 – 21.0')
})

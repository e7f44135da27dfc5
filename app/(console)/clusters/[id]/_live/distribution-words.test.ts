import { expect, test } from 'vitest'
import { sharesText } from './distribution-words'

const one = (percent: number) => percent.toFixed(1)

test('few shares are said one by one', () => {
  expect(sharesText([0.334, 0.333, 0.333], one)).toBe('33.4 / 33.3 / 33.3\u00a0%')
})

test('of many shares the lowest and the highest are said', () => {
  expect(sharesText([0.2, 0.19, 0.21, 0.2, 0.2], one)).toBe('19.0 – 21.0\u00a0%')
})

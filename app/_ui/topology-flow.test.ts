import { expect, test } from 'vitest'
import { columnHeight, edgeWidth, eventsPerDash, rowCentre } from './topology-flow'

test('one dash is one event until the dashes would flicker', () => {
  expect(eventsPerDash(0)).toBe(1)
  expect(eventsPerDash(12)).toBe(1)
  expect(eventsPerDash(12.1)).toBe(10)
  expect(eventsPerDash(4000)).toBe(1000)
})

test('the meaning of a dash does not flap with a rate around its limit', () => {
  expect(eventsPerDash(12.1, 1)).toBe(1)
  expect(eventsPerDash(18.1, 1)).toBe(10)
  expect(eventsPerDash(11.9, 10)).toBe(10)
  expect(eventsPerDash(7, 10)).toBe(1)
  expect(eventsPerDash(0, 1)).toBe(1)
})

test('widths follow the part of all that flows', () => {
  expect(edgeWidth(10, 10)).toBe(9)
  expect(edgeWidth(5, 10)).toBe(5.25)
  expect(edgeWidth(0, 10)).toBe(1.5)
})

test('an edge of which nothing is known, or over which nothing flows, is thin', () => {
  expect(edgeWidth(undefined, 10)).toBe(1.5)
  expect(edgeWidth(0, 0)).toBe(1.5)
})

test('edges end in the middle of their rows', () => {
  expect([0, 1, 2].map((row) => rowCentre(row, 52, 8))).toEqual([26, 86, 146])
  expect(columnHeight(3, 52, 8)).toBe(172)
  expect(columnHeight(0, 52, 8)).toBe(0)
})

import { expect, test } from 'vitest'
import { freeLabels, niceMax, spreadLabels } from './uplot-labels'

const area = { gap: 14, top: 0, bottom: 100 }

test('labels with room stay where they belong', () => {
  expect(spreadLabels([80, 10, 40], area)).toEqual([80, 10, 40])
})

test('labels on one line are spread, in the order that they had', () => {
  expect(spreadLabels([50, 50, 51], area)).toEqual([50, 64, 78])
})

test('labels at the bottom edge are pushed up, not out', () => {
  expect(spreadLabels([99, 100, 100], area)).toEqual([72, 86, 100])
})

test('no labels are no labels', () => {
  expect(spreadLabels([], area)).toEqual([])
})

test('an axis ends above what it shows, at a round number', () => {
  expect([0, 3, 5, 41, 99, 100, 1234].map(niceMax)).toEqual([4, 4, 6, 50, 150, 150, 1500])
})

test('of marks whose labels would stand on each other the last is named, and all that are free', () => {
  const labels = [10, 100, 104, 108].map((x) => ({ x, width: 30 }))
  expect(freeLabels(labels, { gap: 5, turn: 80 })).toEqual([
    { index: 3, side: 'left' },
    { index: 0, side: 'right' },
  ])
})

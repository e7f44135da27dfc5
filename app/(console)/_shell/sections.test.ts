import { expect, test } from 'vitest'
import { sectionOf } from './sections'

test.each([
  ['/', 'overview'],
  ['/clusters/abc/plan', 'clusters'],
  ['/hosts', 'hosts'],
  ['/hostsfile', 'overview'],
  ['/applies/abc', 'activity'],
  ['/saves/abc/put-back', 'hosts'],
  ['/denied', 'overview'],
] as const)('%s lies in %s', (path, section) => {
  expect(sectionOf(path)).toBe(section)
})

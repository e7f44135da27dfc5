import { expect, test } from 'vitest'
import { compareSaves, compareWithNow } from './compare'

const save = (id: string, hour: number, files: Parameters<typeof compareWithNow>[0]['files']) => ({
  ...{ id, at: new Date(hour * 3_600_000), files },
})
const first = save('a', 1, [{ path: '/etc/ipvsadm.rules', after: '-A x\n' }])
const second = save('b', 2, [{ path: '/etc/modules', before: 'loop\n', after: 'loop\nipip\n' }])
const third = save('c', 3, [
  { path: '/etc/ipvsadm.rules', before: '-A x\n', after: '-A x\n-a y\n' },
  { path: '/etc/modules', before: 'loop\nipip\n', after: 'loop\nipip\n' },
])
const all = [third, first, second]

const told = (compared: ReturnType<typeof compareSaves>) =>
  compared.map(({ path, diff: { added, removed } }) => `${path} +${added} -${removed}`)

test('two saves are compared from the earlier to the later, whichever is asked for first', () => {
  const expected = ['/etc/ipvsadm.rules +1 -0', '/etc/modules +1 -0']
  expect(told(compareSaves(all, 'a', 'c'))).toEqual(expected)
  expect(told(compareSaves(all, 'c', 'a'))).toEqual(expected)
})

test('a file that a save did not touch is what the one before it wrote', () => {
  expect(told(compareSaves(all, 'b', 'c'))).toEqual(['/etc/ipvsadm.rules +1 -0'])
})

test('a save is the same as itself, and one that is gone is compared with nothing', () => {
  expect(compareSaves(all, 'c', 'c')).toEqual([])
  expect(compareSaves(all, 'c', 'gone')).toEqual([])
})

test('a file that was deleted since is all gone, and one that is the same is not listed', () => {
  const now = new Map([['/etc/ipvsadm.rules', undefined]])
  expect(told(compareWithNow(third, now))).toEqual(['/etc/ipvsadm.rules +0 -2'])
  expect(compareWithNow(third, new Map())).toEqual([])
})

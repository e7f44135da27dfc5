import { expect, test } from 'vitest'
import { needs } from './needs'

const cluster = (name: string, state: Parameters<typeof needs>[0][number]['state']) => ({
  id: name,
  name,
  state,
})
const host = (
  name: string,
  state: Parameters<typeof needs>[1][number]['state'],
  isUsed = true,
) => ({
  id: name,
  name,
  state,
  isUsed,
})

test('a failure comes before a debt, a debt before what is only new', () => {
  const found = needs(
    [cluster('new', 'never'), cluster('www', 'failed')],
    [host('server4', { name: 'debts', tone: 'warn', count: 2 })],
  )
  expect(found.map(({ code, subjectId }) => `${code} ${subjectId}`)).toEqual([
    'failed www',
    'debt server4',
    'never new',
  ])
})

test('what is well needs nobody', () => {
  expect(
    needs(
      [cluster('www', 'verified'), cluster('x', 'running')],
      [host('a', { name: 'well', tone: 'ok' })],
    ),
  ).toEqual([])
})

test('a host of somebody else needs a person only where a cluster of ours uses it', () => {
  const owned = { name: 'owned', tone: 'warn', owner: 'keepalived' } as const
  expect(needs([], [host('lb', owned, false)])).toEqual([])
  expect(needs([], [host('lb', owned, true)])).toMatchObject([{ code: 'owned' }])
})

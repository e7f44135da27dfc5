import { expect, test } from 'vitest'
import { needs, worstOf } from './needs'

type Cluster = Parameters<typeof needs>[0][number]

const cluster = (
  name: string,
  state: Cluster['state'],
  saved: Cluster['saved'] = { word: 'survives', count: 0, item: '' },
) => ({ ...{ id: name, name, state }, saved })
const host = (
  name: string,
  state: Parameters<typeof needs>[1][number]['state'],
  isUsed = true,
  isEdited = false,
) => ({
  id: name,
  name,
  state,
  isUsed,
  isEdited,
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

test('a cluster that a reboot would not bring back needs a person, once it is as desired', () => {
  const saved = { word: 'unsaved', count: 3, item: '' } as const
  expect(needs([cluster('www', 'verified', saved)], [])).toMatchObject([
    { code: 'unsaved', values: { cluster: 'www', count: 3 } },
  ])
  expect(needs([cluster('www', 'changed', saved)], []).map(({ code }) => code)).toEqual(['changed'])
})

test('files that somebody edited are told beside whatever else a host needs', () => {
  const found = needs([], [host('server2', { name: 'untested', tone: 'info' }, true, true)])
  expect(found.map(({ code }) => code)).toEqual(['edited', 'untested'])
})

test('what drifted is named with since when, beside what else there is', () => {
  const drifted = { ...cluster('www', 'drifted'), drift: { count: 2, since: 9000 } }
  expect(needs([drifted], [])).toEqual([
    {
      ...{ id: 'cluster-www-drift', code: 'drift', tone: 'warn', subjectId: 'www' },
      ...{ values: { cluster: 'www', count: 2 }, since: 9000 },
    },
  ])
})

test('an apply that waits for a person comes first, with its end and a link to it; one undone is told', () => {
  const armed = { state: 'armed', applyId: 'a1', until: 60_000 } as const
  const undone = { state: 'undone', applyId: 'a2' } as const
  const found = needs(
    [
      cluster('dns', 'failed'),
      { ...cluster('www', 'armed'), undo: armed },
      { ...cluster('mail', 'undone'), undo: undone },
    ],
    [],
  )
  expect(found).toMatchObject([
    { code: 'armed', subjectId: 'a1', until: 60_000, values: { cluster: 'www' } },
    { code: 'failed' },
    { code: 'undone', subjectId: 'a2' },
  ])
  expect(worstOf(found)).toBe('bad')
})

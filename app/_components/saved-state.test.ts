import { expect, test } from 'vitest'
import { type CheckedHost, savedState } from './saved-state'

type State = NonNullable<CheckedHost['survival']>['state']

const host = (
  state: State | undefined,
  counts: Record<string, number> = {},
  returning: readonly string[] = [],
): CheckedHost => ({
  readAt: new Date(5000),
  counts,
  ...(state !== undefined && {
    survival: {
      state,
      checks: returning.map((item) => ({
        ...{ state: 'doubtful', why: { code: 'survives.returns', values: { item } } },
      })),
    },
  }),
})

test('what a reboot loses is counted over all hosts', () => {
  const hosts = [
    host('lost', { unsaved: 2, same: 4 }),
    host('lost', { differs: 1 }),
    host('survives'),
  ]
  expect(savedState(hosts, true)).toEqual({
    word: 'unsaved',
    tone: 'warn',
    count: 3,
    item: '',
    at: 5000,
  })
})

test('a host of which nothing is known makes it unknown, not saved', () => {
  expect(savedState([host('survives'), undefined], true)).toMatchObject({ word: 'unknown' })
  expect(savedState([host('survives'), host(undefined)], true)).toMatchObject({ word: 'unknown' })
  expect(savedState([], true)).toMatchObject({ word: 'nothing' })
})

test('what is known to be lost is said although another host is not known', () => {
  expect(savedState([host('lost', { unsaved: 1 }), undefined], true)).toMatchObject({
    word: 'unsaved',
    count: 1,
  })
})

const unread = (counts: Record<string, number>): CheckedHost => ({
  ...host('lost', counts),
  survival: {
    state: 'lost',
    checks: [
      {
        state: 'bad',
        why: { code: 'survives.auto-off', values: { path: '/etc/default/ipvsadm' } },
      },
    ],
  },
})

test('what another cluster has not applied on a shared host does not make this one unsaved', () => {
  const shared = host('lost', { same: 5, unapplied: 2 })
  expect(savedState([shared, host('survives')], true)).toMatchObject({ word: 'survives' })
  expect(savedState([shared, host('survives')], false)).toMatchObject({ word: 'unapplied' })
})

test('what was never applied cannot be lost, and files that nothing reads are no save', () => {
  expect(savedState([host('lost', { unapplied: 7 })], false)).toMatchObject({ word: 'unapplied' })
  expect(savedState([unread({ same: 7 })], true)).toMatchObject({ word: 'notLoaded' })
})

test('a removed real server that is still in the file is named', () => {
  const item = 'entry 172.25.254.3:80 in tcp 172.25.254.100:80'
  expect(
    savedState([host('doubtful', { returns: 1 }, [item]), host('survives')], true),
  ).toMatchObject({
    ...{ word: 'returns', count: 1, item, tone: 'warn' },
  })
})

test('files that somebody edited are no green word, whatever they say now', () => {
  const edited = { ...host('survives'), changed: { at: new Date(1), paths: ['/etc/modules'] } }
  expect(savedState([edited, host('survives')], true)).toMatchObject({
    word: 'edited',
    tone: 'warn',
  })
})

import { expect, test } from 'vitest'
import { diffFile } from './file-diff'

const lines = (from: number, until: number) =>
  Array.from({ length: until - from + 1 }, (_, index) => `line ${from + index}\n`).join('')

const shown = (before: string | undefined, after: string | undefined) =>
  diffFile(before, after).hunks.map(({ skipped, rows }) => [
    skipped,
    ...rows.map(({ sign, line, text }) => `${sign}${line} ${text}`),
  ])

test('a changed line stands between three of its neighbours, and the rest is counted', () => {
  const before = lines(1, 20)
  const after = before.replace('line 10\n', 'AUTO="true"\n')
  expect(shown(before, after)).toEqual([
    [
      6,
      ' 7 line 7',
      ' 8 line 8',
      ' 9 line 9',
      '-10 line 10',
      '+10 AUTO="true"',
      ' 11 line 11',
      ' 12 line 12',
      ' 13 line 13',
    ],
  ])
  expect(diffFile(before, after)).toMatchObject({ added: 1, removed: 1, rest: 7 })
})

test('changes near each other share their neighbours, and no line comes twice', () => {
  const before = lines(1, 30)
  const after = before.replace('line 5\n', '').replace('line 10\n', '').replace('line 28\n', '')
  expect(
    shown(before, after).map(([skipped, first, ...more]) => [skipped, first, more.length]),
  ).toEqual([
    [1, ' 2 line 2', 11],
    [11, ' 23 line 25', 5],
  ])
  expect(diffFile(before, after).rest).toBe(0)
})

test('a new file is all new, and one that goes is all gone', () => {
  expect(diffFile(undefined, 'a\nb\n')).toMatchObject({ added: 2, removed: 0, from: 'absent' })
  expect(diffFile('a\nb\n', undefined)).toMatchObject({ added: 0, removed: 2, to: 'absent' })
  expect(diffFile(undefined, '')).toMatchObject({ added: 0, hunks: [], rest: 0 })
})

test('a missing line feed at the end is a difference, and is told', () => {
  expect(diffFile('a', 'a\n').hunks[0]?.rows).toEqual([
    { sign: '-', line: 1, text: 'a', isOpenEnd: true },
    { sign: '+', line: 1, text: 'a' },
  ])
})

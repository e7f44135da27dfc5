import { expect, test } from 'vitest'
import { filterRows, parseSort, type Row, sortRows } from './table-rows'

const row = (id: string, weight: number | undefined): Row => ({
  id,
  cells: { name: { node: id, sort: id }, weight: { node: weight, sort: weight } },
})
const ids = (rows: readonly Row[]) => rows.map((it) => it.id)
const rows = [row('server10', 0), row('server2', undefined), row('Server1', 5)]

test('names sort as people count: server2 before server10', () => {
  expect(ids(sortRows(rows, { column: 'name', descending: false }, 'en'))).toEqual([
    'Server1',
    'server2',
    'server10',
  ])
})

test('names sort as the language does: Chinese ones by their sound', () => {
  const cities = [row('上海', 0), row('北京', 0), row('广州', 0)]
  const sort = { column: 'name', descending: false }
  expect(ids(sortRows(cities, sort, 'zh-CN'))).toEqual(['北京', '广州', '上海'])
})

test('a row without a value comes last in both directions, and 0 is a value', () => {
  expect(ids(sortRows(rows, { column: 'weight', descending: false }, 'en'))).toEqual([
    'server10',
    'Server1',
    'server2',
  ])
  expect(ids(sortRows(rows, { column: 'weight', descending: true }, 'en'))).toEqual([
    'Server1',
    'server10',
    'server2',
  ])
})

test('every word of a filter must be in the row', () => {
  expect(ids(filterRows(rows, ' SERVER1 0'))).toEqual(['server10'])
  expect(ids(filterRows(rows, '  '))).toEqual(ids(rows))
})

test('an address that names no sortable column is no sort', () => {
  const columns = [
    { id: 'name', label: 'Name', sortable: true },
    { id: 'menu', label: 'Menu' },
  ]
  expect(parseSort('-name', columns)).toEqual({ column: 'name', descending: true })
  expect(parseSort('menu', columns)).toBeUndefined()
  expect(parseSort(null, columns)).toBeUndefined()
})

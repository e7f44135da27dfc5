import { expect, test } from 'vitest'
import { parseFormData, typedValues } from './form-data'

function form(...pairs: [string, string][]): FormData {
  const data = new FormData()
  for (const [name, value] of pairs) data.append(name, value)
  return data
}

test('dotted names become a tree, and numbers in them a list in their order without holes', () => {
  const data = form(
    ['vip', '10.0.0.1'],
    ['realServers.7.rip', '10.0.0.7'],
    ['realServers.2.rip', '10.0.0.2'],
    ['realServers.2.weight', '0'],
    ['$ACTION_ID_123', ''],
  )
  expect(parseFormData(data)).toEqual({
    vip: '10.0.0.1',
    realServers: [{ rip: '10.0.0.2', weight: '0' }, { rip: '10.0.0.7' }],
  })
})

test('a name sent several times becomes a list', () => {
  expect(parseFormData(form(['flag', 'sh-port'], ['flag', 'sh-fallback']))).toEqual({
    flag: ['sh-port', 'sh-fallback'],
  })
})

test('no name of a form reaches the prototype of objects', () => {
  parseFormData(form(['__proto__.polluted', 'yes'], ['a.constructor.prototype.polluted', 'yes']))
  expect('polluted' in {}).toBe(false)
})

test('what was typed comes back, what is secret does not', () => {
  const data = form(['email', 'a@b.c'], ['password', 'open sesame'])
  expect(typedValues(data, ['password'])).toEqual({ email: 'a@b.c' })
})

import { expect, test } from 'vitest'
import { z } from 'zod'
import { fieldCodes, parseFormData, typedValues } from './form-data'

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

test('a field carries the code of its schema, and a code of ours where zod has only a sentence', () => {
  const schema = z.object({
    name: z.string().min(1),
    note: z.string().max(3),
    vip: z.string().refine(() => false, 'address.invalid'),
    port: z.coerce.number(),
    missing: z.string(),
    list: z.array(z.object({ rip: z.string().min(1, 'address.invalid') })),
  })
  const input = { name: '', note: 'abcd', vip: 'x', port: 'x', list: [{ rip: '' }] }
  const error = schema.safeParse(input, { reportInput: true }).error
  expect(error === undefined ? undefined : fieldCodes(error)).toEqual({
    name: 'required',
    note: 'too-long',
    vip: 'address.invalid',
    port: 'invalid',
    missing: 'required',
    'list.0.rip': 'address.invalid',
  })
})

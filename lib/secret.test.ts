import { format, inspect } from 'node:util'
import { expect, test } from 'vitest'
import { Secret } from './secret'

const secret = new Secret('hunter2')

test('a secret is redacted however it is printed', () => {
  const printed = [
    `${secret}`,
    String(secret),
    JSON.stringify({ password: secret }),
    inspect({ password: secret }),
    format('%s %o %j', secret, secret, secret),
    inspect(secret, { showHidden: true, depth: 9 }),
    JSON.stringify(Object.entries(secret)),
    JSON.stringify({ ...secret }),
  ].join(' ')
  expect(printed).not.toContain('hunter2')
  expect(printed).toContain('[redacted]')
})

test('a secret is revealed on request', () => {
  expect(secret.reveal()).toBe('hunter2')
})

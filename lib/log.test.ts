import { expect, test, vi } from 'vitest'
import { formatJson, formatText, log } from './log'
import { Secret } from './secret'

const at = new Date('2026-11-22T03:04:05.678Z')

test('an entry is one line of JSON', () => {
  expect(formatJson('warn', 'Host does not answer', { host: 'server2', weight: 0 }, at)).toBe(
    '{"at":"2026-11-22T03:04:05.678Z","level":"warn","message":"Host does not answer","host":"server2","weight":0}',
  )
})

test('an entry is one line of text', () => {
  expect(formatText('info', 'Applied', { steps: 3, to: { host: 'director' } }, at)).toBe(
    "03:04:05 info  Applied steps=3 to={ host: 'director' }",
  )
})

test('an error is logged with its stack', () => {
  const error = new TypeError('boom')
  expect(JSON.parse(formatJson('error', 'Bug', { error }, at)).error).toContain('log.test.ts')
  expect(formatText('error', 'Bug', { error }, at)).toContain('log.test.ts')
})

test('a secret in a field is redacted in both formats', () => {
  const fields = { password: new Secret('hunter2'), nested: { key: new Secret('hunter2') } }
  expect(formatJson('info', 'x', fields, at)).not.toContain('hunter2')
  expect(formatText('info', 'x', fields, at)).not.toContain('hunter2')
})

test('entries go to stderr, those below the level nowhere', () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  log.debug('unseen')
  log.info('seen', { host: 'director' })
  expect(stderr).toHaveBeenCalledTimes(1)
  expect(stderr.mock.calls[0]?.[0]).toMatch(/seen.*director.*\n$/)
})

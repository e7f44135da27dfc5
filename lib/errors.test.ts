import { describe, expect, test, vi } from 'vitest'
import {
  CommandFailed,
  Conflict,
  InvalidInput,
  NotFound,
  TunboardError,
  Unreachable,
} from './errors'

describe('errors are recognised by what they say, not by which copy of the module made them', () => {
  test('an error of another instance of the module is one of ours, of its own class alone', async () => {
    vi.resetModules()
    const other = await import('./errors')
    expect(other.Conflict).not.toBe(Conflict)
    const error: unknown = new other.Unreachable('tcp', { host: 'server3' })
    expect(error instanceof TunboardError).toBe(true)
    expect(error instanceof Unreachable).toBe(true)
    expect(error instanceof Conflict).toBe(false)
  })

  test('what is no error of ours is none', () => {
    for (const value of [new Error('Conflict'), { code: 'Conflict' }, undefined, null, 'Conflict'])
      expect(value instanceof Conflict || value instanceof TunboardError).toBe(false)
  })
})

test('a failure for the browser holds the code, the words to look up and the values, nothing else', () => {
  expect(new NotFound('not-found', { noun: 'host', id: 'h1' }).toFailure()).toEqual({
    code: 'NotFound',
    reason: 'not-found',
    values: { noun: 'host', id: 'h1' },
  })
  expect(new InvalidInput({ name: 'name.taken' }).toFailure().fields).toEqual({
    name: 'name.taken',
  })
  const output = {
    argv: ['ipvsadm', '-A'],
    exit: 255,
    stdout: '',
    stderr: 'Service already exists',
  }
  expect(new CommandFailed(output, { host: 'director' }).toFailure()).toMatchObject({
    output,
    values: { host: 'director', command: 'ipvsadm -A', exit: 255 },
  })
})

import { resolve } from 'node:path'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { BadEnv, parseEnv } from './env'

test('without any variable the defaults keep everything on this machine', () => {
  expect(parseEnv({})).toMatchObject({
    databaseUrl: `file:${resolve('data')}/tunboard.db`,
    host: '127.0.0.1',
    port: 3000,
    publicUrl: 'http://127.0.0.1:3000',
    secretKey: undefined,
    isProduction: false,
  })
})

test('the database lies in the data folder unless it has an address of its own', () => {
  expect(parseEnv({ DATA_DIR: '/srv/tunboard' }).databaseUrl).toBe('file:/srv/tunboard/tunboard.db')
  expect(parseEnv({ DATABASE_URL: 'libsql://db.example.org' }).databaseUrl).toBe(
    'libsql://db.example.org',
  )
})

test('an empty variable counts as unset', () => {
  expect(parseEnv({ PORT: '', TUNBOARD_SECRET_KEY: '' })).toMatchObject({ port: 3000 })
})

test('the address for browsers is one that a browser can open', () => {
  expect(parseEnv({ HOST: '0.0.0.0' }).publicUrl).toBe('http://localhost:3000')
  expect(parseEnv({ HOST: '::1', PORT: '8080' }).publicUrl).toBe('http://[::1]:8080')
  expect(parseEnv({ PUBLIC_URL: 'https://lvs.example.org' }).publicUrl).toBe(
    'https://lvs.example.org',
  )
})

test('every bad variable is named in a sentence, without its value', () => {
  const parse = () => parseEnv({ PORT: '70000', TUNBOARD_SECRET_KEY: 'short', LOG_LEVEL: 'loud' })
  expect(parse).toThrow(BadEnv)
  expect(parse).toThrow('The environment variable PORT must be a number from 1 to 65535.')
  expect(parse).toThrow(
    'The environment variable TUNBOARD_SECRET_KEY must have at least 32 characters.',
  )
  expect(parse).not.toThrow('short,')
})

test('the secret key is not printed', () => {
  const key = 'k'.repeat(32)
  const settings = parseEnv({ TUNBOARD_SECRET_KEY: key })
  expect(inspect(settings)).not.toContain(key)
  expect(settings.secretKey?.reveal()).toBe(key)
})

import { mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { deriveKey, readKeyFile } from './secret-key'

const folder = () => mkdtempSync(join(tmpdir(), 'tunboard-key-'))

test('a missing key file is made once, readable by its owner alone, and read again as the same key', () => {
  const path = join(folder(), 'not-there-yet', 'secret.key')
  const onCreated = vi.fn()
  const first = readKeyFile(path, onCreated)
  const second = readKeyFile(path, onCreated)
  expect(first.toString()).toMatch(/^[0-9a-f]{64}$/)
  expect(second).toEqual(first)
  expect(onCreated.mock.calls).toEqual([[path]])
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(path, '..'))).toEqual(['secret.key'])
})

test('an emptied key file stops the start and is not replaced by a new key', () => {
  const path = join(folder(), 'secret.key')
  writeFileSync(path, '\n')
  const onCreated = vi.fn()
  expect(() => readKeyFile(path, onCreated)).toThrow(/at least 32 characters/)
  expect(statSync(path).size).toBe(1)
  expect(onCreated).not.toHaveBeenCalled()
})

test('two purposes get two keys of 32 bytes, neither of them the material itself', () => {
  const material = Buffer.from('a'.repeat(64))
  const [auth, credentials] = [deriveKey(material, 'auth'), deriveKey(material, 'credentials')]
  expect(auth).toHaveLength(32)
  expect(auth.equals(credentials)).toBe(false)
  expect(deriveKey(material, 'auth')).toEqual(auth)
})

import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { Unreadable } from '@/lib/errors'
import { Secret } from '@/lib/secret'
import { sealCredential, unsealCredential } from './credential'

const key = randomBytes(32)
const password = { kind: 'password', password: new Secret('correct horse') } as const

test('a sealed credential opens with the key and host that it was sealed for', () => {
  const sealed = sealCredential(key, 'h1', {
    kind: 'key',
    privateKey: new Secret('-----BEGIN'),
    passphrase: new Secret(''),
  })
  const opened = unsealCredential(key, 'h1', sealed)
  if (opened.kind !== 'key') throw new Error('another kind came out')
  expect(opened.privateKey.reveal()).toBe('-----BEGIN')
  expect(opened.passphrase?.reveal()).toBe('')
})

test('the sealed text holds neither the secret nor anything that repeats', () => {
  const [first, second] = [sealCredential(key, 'h1', password), sealCredential(key, 'h1', password)]
  expect(first).toMatch(/^v1\.[\w-]+$/)
  expect(Buffer.from(first.slice(3), 'base64url').toString('latin1')).not.toContain('horse')
  expect(first).not.toBe(second)
})

test("a sealed credential copied into another host's row does not open", () => {
  const sealed = sealCredential(key, 'h1', password)
  expect(() => unsealCredential(key, 'h2', sealed)).toThrow(Unreadable)
})

test('a lost secret key, one flipped bit, a cut text and another version do not open', () => {
  const sealed = sealCredential(key, 'h1', password)
  const bytes = Buffer.from(sealed.slice(3), 'base64url')
  for (let index = 0; index < bytes.length; index++) {
    const damaged = Buffer.from(bytes)
    damaged[index] = (damaged[index] ?? 0) ^ 1
    const text = `v1.${damaged.toString('base64url')}`
    expect(() => unsealCredential(key, 'h1', text)).toThrow('credential-unreadable')
  }
  const cut = `v1.${bytes.subarray(0, 20).toString('base64url')}`
  for (const text of [cut, 'v1.', '', sealed.replace('v1', 'v2')]) {
    expect(() => unsealCredential(key, 'h1', text)).toThrow(Unreadable)
  }
  expect(() => unsealCredential(randomBytes(32), 'h1', sealed)).toThrow(Unreadable)
})

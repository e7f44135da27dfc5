import { expect, test } from 'vitest'
import { InvalidInput } from '../errors'
import { parseForm } from './form'
import { hostFormSchema } from './host-form'

const HOST = { name: 'director', address: '127.0.0.1', user: 'root', authKind: 'key' }
const parse = (input: object) => parseForm(hostFormSchema, { ...HOST, ...input })
function fieldsOf(input: object): Record<string, string> {
  try {
    parse(input)
  } catch (error) {
    if (error instanceof InvalidInput) return error.fields
    throw error
  }
  return {}
}

test('a host needs a name, an address, a user and a way to log in; port 22 and root are usual', () => {
  expect(parse({ port: '', become: '' })).toMatchObject({ ...HOST, port: 22, become: 'root' })
  expect(fieldsOf({ name: ' ', address: '', user: '', authKind: '' })).toEqual({
    name: 'name.required',
    address: 'ssh-address.required',
    user: 'user.required',
    authKind: 'required',
  })
  expect(fieldsOf({ port: '0' })).toEqual({ port: 'port.invalid' })
  expect(fieldsOf({ port: '65536' })).toEqual({ port: 'port.invalid' })
})

test('an address is an IP address in its one spelling, or a host name', () => {
  expect(parse({ address: ' FD00:0::1 ' }).address).toBe('fd00::1')
  expect(parse({ address: 'Director-1.Example.org' }).address).toBe('director-1.example.org')
  for (const address of [
    '-oProxyCommand=x',
    '10.0.0',
    '10.0.0.256',
    'a b',
    'a..b',
    'a/b',
    '[::1]',
  ]) {
    expect(fieldsOf({ address })).toEqual({ address: 'ssh-address.invalid' })
  }
})

test('a user cannot be an option or hold what a shell would read', () => {
  expect(parse({ user: 'CORP\\ada.l@example.org' }).user).toBe('CORP\\ada.l@example.org')
  for (const user of ['-l', 'a b', 'a;b', '$(id)', 'a:b']) {
    expect(fieldsOf({ user })).toEqual({ user: 'user.invalid' })
  }
})

test('a pasted key gets the line ends that OpenSSH reads, a public one is refused', () => {
  const pasted =
    '\r\n-----BEGIN OPENSSH PRIVATE KEY-----\r\nAAAA\r\n-----END OPENSSH PRIVATE KEY-----'
  expect(parse({ privateKey: pasted }).privateKey).toBe(
    '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n',
  )
  expect(fieldsOf({ privateKey: 'ssh-ed25519 AAAA' })).toEqual({
    privateKey: 'private-key.invalid',
  })
})

test('a password is taken as typed, and an empty one is none', () => {
  expect(parse({ password: '  spaces ' }).password).toBe('  spaces ')
  expect(parse({ password: '', passphrase: '', privateKey: '' })).toMatchObject({
    password: undefined,
    passphrase: undefined,
    privateKey: undefined,
  })
})

test('a name with characters that cannot be seen is refused', () => {
  expect(fieldsOf({ name: 'web\u202e1' })).toEqual({ name: 'name.invalid' })
  expect(fieldsOf({ name: 'a'.repeat(65) })).toEqual({ name: 'name.too-long' })
})

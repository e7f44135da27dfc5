import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addressSchema,
  compareAddresses,
  familyOf,
  formatEndpoint,
  hostPrefix,
  inSameNetwork,
  parseAddress,
} from './address'

describe('one address has one text', () => {
  test.each([
    ['172.25.254.100', '172.25.254.100'],
    ['FD00:0000:0:0::0001', 'fd00::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['::ffff:10.0.0.1', '::ffff:a00:1'],
    ['::', '::'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
  ])('%s is %s', (given, canonical) => {
    expect(parseAddress(given)).toBe(canonical)
    expect(parseAddress(canonical)).toBe(canonical)
  })

  test.each([
    '',
    'director',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '1::2::3',
    'fd00::12345',
    ':::',
    '1:2',
    '10.0.0.1/32',
    '10.0.0.1 ',
  ])('%j is no address', (given) => expect(parseAddress(given)).toBeUndefined())

  test('any IPv6 address reads back as itself', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const address = parseAddress(text)
        expect(address).toBeDefined()
        expect(parseAddress(address ?? '')).toBe(address)
      }),
    )
  })
})

test('networks and order', () => {
  expect(inSameNetwork('172.25.254.100', '172.25.254.1', 24)).toBe(true)
  expect(inSameNetwork('172.25.253.100', '172.25.254.1', 24)).toBe(false)
  expect(inSameNetwork('fd00::1', '172.25.254.1', 0)).toBe(false)
  const sorted = ['fd00::2', '10.0.0.10', '10.0.0.9', 'fd00::1'].sort(compareAddresses)
  expect(sorted).toEqual(['10.0.0.9', '10.0.0.10', 'fd00::1', 'fd00::2'])
  expect([familyOf('::1'), hostPrefix('::1'), hostPrefix('10.0.0.1')]).toEqual([6, 128, 32])
  expect(formatEndpoint('fd00::1', 80)).toBe('[fd00::1]:80')
})

test('a form gets a canonical address or a clear code', () => {
  expect(addressSchema.parse(' FD00::1 ')).toBe('fd00::1')
  expect(addressSchema.safeParse('server2').error?.issues[0]?.message).toBe('address.invalid')
})

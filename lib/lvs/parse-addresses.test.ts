import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Unreadable } from '@/lib/errors'
import { parseAddresses } from './parse-addresses'

const fixture = (name: string) =>
  readFileSync(new URL(`./fixtures/${name}.txt`, import.meta.url), 'utf8')

test.each([
  'tutorial/director.ip-j-addr',
  'tutorial/server2.ip-j-addr',
  'tutorial/client.ip-j-addr',
  'multikernel/director.0-before.ip-j-addr',
  'multikernel/director.ip-j-addr',
  'multikernel/server2.ip-j-addr',
  'lean/addresses',
])('%s: each address with its prefix, loopback and up told apart', (name) => {
  const text = fixture(name)
  const devices = parseAddresses(text)
  expect(devices.flatMap((device) => device.addresses)).toHaveLength(
    text.split('"prefixlen"').length - 1,
  )
  expect(devices.filter((device) => device.loopback).map((device) => device.name)).toEqual(['lo'])
})

test('the tunnel of the tutorial is ipip, up although its operstate is UNKNOWN, with VIP/32', () => {
  const tunnel = parseAddresses(fixture('tutorial/server2.ip-j-addr')).find(
    (device) => device.name === 'tunl0',
  )
  expect(tunnel).toEqual({
    name: 'tunl0',
    kind: 'ipip',
    up: true,
    loopback: false,
    addresses: [{ address: '172.25.254.100', prefixLength: 32 }],
  })
})

test('a link without addresses is read', () => {
  expect(parseAddresses(fixture('tutorial/director.ip-d-j-link-tunl0'))).toMatchObject([
    { name: 'tunl0', kind: 'ipip', addresses: [] },
  ])
})

test('the text of old iproute2 says the same as JSON', () => {
  expect(parseAddresses(fixture('lean/addresses-text'))).toEqual(
    parseAddresses(fixture('lean/addresses')),
  )
})

test('text without link rows is refused: whether a device is up would be a guess', () => {
  const rows = fixture('lean/addresses-text')
    .split('\n')
    .filter((line) => !line.includes('<'))
  expect(() => parseAddresses(rows.join('\n'))).toThrow(Unreadable)
})

test('empty objects of old iproute2 are no devices', () => {
  expect(parseAddresses('[{},{"ifname":"lo","flags":["LOOPBACK"],"addr_info":[{}]}]')).toEqual([
    { name: 'lo', up: false, loopback: true, addresses: [] },
  ])
})

import { expect, test } from 'vitest'
import { type AddressOwner, addressChoices } from './address-choices'
import type { Device } from './running'

function device(name: string, addresses: string[], loopback = false): Device {
  return {
    ...{ name, loopback, up: true },
    addresses: addresses.map((address) => ({ address, prefixLength: 24 })),
  }
}

/** A node of the lab: its management address is the same in every one. */
const node = (name: string, rip: string, ...more: Device[]): AddressOwner => ({
  ...{ id: name, name },
  devices: [
    device('lo', ['127.0.0.1', '::1'], true),
    device('mgmt', ['10.0.2.100']),
    device('eth0', [rip, 'fe80::1']),
    ...more,
  ],
})

const usable = (hosts: AddressOwner[], vips: string[] = []) =>
  addressChoices(hosts, vips).flatMap(({ hostId, address, refused }) =>
    refused === undefined ? [`${hostId} ${address}`] : [],
  )

test('an address that several hosts own never links; the one that only it owns does', () => {
  const hosts = [node('director', '172.25.254.1'), node('server2', '172.25.254.2')]
  expect(usable(hosts)).toEqual(['director 172.25.254.1', 'server2 172.25.254.2'])
  const shared = addressChoices(hosts, []).find(({ address }) => address === '10.0.2.100')
  expect(shared).toEqual({
    ...{ hostId: 'director', address: '10.0.2.100', device: 'mgmt', prefixLength: 24 },
    refused: {
      code: 'address.shared',
      values: { address: '10.0.2.100', hosts: 'director, server2' },
    },
  })
})

test('one host with an address on two devices still owns it alone', () => {
  const host = node('server2', '172.25.254.2', device('eth1', ['172.25.254.2']))
  expect(usable([host])).toContain('server2 172.25.254.2')
})

test('a VIP is refused, also where only one host was probed since it was put there', () => {
  const hosts = [
    node('server2', '172.25.254.2', device('tunl0', ['172.25.254.100'])),
    node('server3', '172.25.254.3'),
  ]
  expect(usable(hosts, ['172.25.254.100'])).toEqual([
    'server2 172.25.254.2',
    'server3 172.25.254.3',
  ])
})

test('loopback and link-local addresses are refused with their reason, after what can be chosen', () => {
  const choices = addressChoices([node('server2', '172.25.254.2')], [])
  expect(choices.map(({ address, refused }) => [address, refused?.code])).toEqual([
    ['10.0.2.100', undefined],
    ['172.25.254.2', undefined],
    ['127.0.0.1', 'address.loopback'],
    ['::1', 'address.loopback'],
    ['fe80::1', 'address.unusable'],
  ])
})

test('a host that was never probed has no choices, and takes none from others', () => {
  const hosts = [{ id: 'new', name: 'new' }, node('server2', '172.25.254.2')]
  expect(usable(hosts)).toEqual(['server2 10.0.2.100', 'server2 172.25.254.2'])
})

test('an address on a tunnel is offered last: it is the smallest, and not what reaches a real server', () => {
  const tunnel = { ...device('tunl9', ['10.9.9.1']), kind: 'ipip' }
  expect(usable([node('server2', '172.25.254.2', tunnel)])).toEqual([
    'server2 10.0.2.100',
    'server2 172.25.254.2',
    'server2 10.9.9.1',
  ])
})

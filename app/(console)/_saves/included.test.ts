import { expect, test } from 'vitest'
import { formatServiceKey } from '@/lib/lvs/service'
import { formatIncluded, parseIncluded } from './included'

test.each([
  'tcp 172.25.254.100:80',
  'udp [2001:db8::1]:53',
  'sctp 10.0.0.1:0',
  'fwmark 7',
  'fwmark 7 ipv6',
])('%s is the same service after the way through an address', (service) => {
  const [tick] = parseIncluded([formatIncluded('h1', service)])
  expect(tick?.hostId).toBe('h1')
  expect(tick && formatServiceKey(tick.service)).toBe(service)
})

test('what names no service ticks none', () => {
  expect(parseIncluded(['', 'h1', 'h1 tcp', 'h1 icmp 10.0.0.1:80', ' tcp 10.0.0.1:80'])).toEqual([])
})

import { expect, test } from 'vitest'
import { findEntry, findService, itemValue } from './item-value'
import type { Running, RunningService } from './running'
import { indexAddresses, indexRips, indexTable } from './table-index'
import { bare, RR, VIP, WEIGHT_1, WWW } from './tutorial-world'

const entry = (rip: string, weight = 1) => ({
  key: { rip, port: 80 },
  config: { ...WEIGHT_1, weight },
})
const service = (realServers: RunningService['realServers']): RunningService => ({
  ...{ key: WWW, config: RR, realServers },
})
const running = (services: readonly RunningService[]): Running => ({
  ...bare(1),
  ipvs: { state: 'present', services, unreadable: [] },
})

test('of two of one name the first counts, as if the list were walked', () => {
  const twice = [service([entry('172.25.254.2', 1), entry('172.25.254.2', 2)]), service([])]
  const found = indexTable(twice).get(`tcp ${VIP}:80`)
  expect(found?.service).toBe(twice[0])
  expect(found?.entries.get('172.25.254.2:80')?.config.weight).toBe(1)
})

test('a table that was read anew is looked at anew', () => {
  const before = running([service([entry('172.25.254.2')])])
  const after = running([service([entry('172.25.254.3')])])
  const { rip, port } = { rip: '172.25.254.2', port: 80 }
  expect(findEntry(before, WWW, { rip, port })).toBeDefined()
  expect(findEntry(after, WWW, { rip, port })).toBeUndefined()
  expect(findService(running([]), WWW)).toBeUndefined()
})

test('every entry that sends to a RIP is found with its service', () => {
  const other = { ...WWW, port: 443 }
  const services = [
    service([entry('172.25.254.2'), entry('172.25.254.3')]),
    { ...service([entry('172.25.254.2', 0)]), key: other },
  ]
  const found = indexRips(services).get('172.25.254.2') ?? []
  expect(found.map((each) => [each.service, each.entry.config.weight])).toEqual([
    [WWW, 1],
    [other, 0],
  ])
})

test('an address with two prefixes is both, and alone where it is a host address', () => {
  const addresses = [
    { address: VIP, prefixLength: 24 },
    { address: VIP, prefixLength: 32 },
  ]
  expect(indexAddresses(addresses).get(VIP)).toEqual(addresses)
  const [lo] = bare(1).devices
  if (lo === undefined) throw new Error('a bare host has lo')
  const host = { ...bare(1), devices: [{ ...lo, addresses }] }
  expect(itemValue(host, { kind: 'address', address: VIP, device: 'lo' })).toBe('/32')
})

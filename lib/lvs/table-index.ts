import type { Address } from './address'
import { memo } from './memo'
import type { Device, RunningRealServer, RunningService } from './running'
import { formatRealServerKey, formatServiceKey, type ServiceKey } from './service'

// A director's table may hold 2,284 services with 37,298 entries: whoever looks for each of them by walking the table
// walks it 37,298 times. These indices are made once of each table and each list of devices. Where a name occurs twice
// the first one counts, as if the list were walked.

type IndexedService = {
  service: RunningService
  /** By formatRealServerKey. */
  entries: ReadonlyMap<string, RunningRealServer>
}

function firstOf<V, N>(list: readonly V[], name: (value: V) => N): Map<N, V> {
  const byName = new Map<N, V>()
  for (const value of list) {
    const key = name(value)
    if (!byName.has(key)) byName.set(key, value)
  }
  return byName
}

const entriesOf = memo((realServers: readonly RunningRealServer[]) =>
  firstOf(realServers, ({ key }) => formatRealServerKey(key)),
)

/** Indexes a table's services by formatServiceKey, and each one's entries by formatRealServerKey. */
export const indexTable = memo(
  (services: readonly RunningService[]): ReadonlyMap<string, IndexedService> => {
    const byKey = firstOf(services, ({ key }) => formatServiceKey(key))
    return new Map(
      [...byKey].map(([name, service]) => [
        name,
        { service, entries: entriesOf(service.realServers) },
      ]),
    )
  },
)

/** Indexes a table by RIP: every entry that sends to it, with its service. */
export const indexRips = memo((services: readonly RunningService[]) => {
  const byRip = new Map<Address, { service: ServiceKey; entry: RunningRealServer }[]>()
  for (const { key: service, realServers } of services)
    for (const entry of realServers) {
      const known = byRip.get(entry.key.rip)
      if (known === undefined) byRip.set(entry.key.rip, [{ service, entry }])
      else known.push({ service, entry })
    }
  return byRip as ReadonlyMap<Address, readonly { service: ServiceKey; entry: RunningRealServer }[]>
})

/** Indexes a device's addresses; a device may hold one address with two prefixes. */
export const indexAddresses = memo((addresses: Device['addresses']) => {
  const byAddress = new Map<Address, Device['addresses'][number][]>()
  for (const held of addresses) {
    const known = byAddress.get(held.address)
    if (known === undefined) byAddress.set(held.address, [held])
    else known.push(held)
  }
  return byAddress as ReadonlyMap<Address, Device['addresses']>
})

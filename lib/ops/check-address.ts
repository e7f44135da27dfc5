import { listDesiredClusters } from '@/lib/db/clusters'
import { listHosts } from '@/lib/db/hosts'
import type { Tx } from '@/lib/db/transaction'
import { InvalidInput } from '@/lib/errors'
import type { Address } from '@/lib/lvs/address'
import { type AddressChoice, addressChoices } from '@/lib/lvs/address-choices'
import { vipsOf } from '@/lib/lvs/cluster'
import type { Host } from '@/lib/lvs/host'

/** What an address is checked against: read once per op. */
export type KnownAddresses = {
  hosts: readonly Host[]
  choices: readonly AddressChoice[]
  /** The VIPs of all clusters, whether they are on a host yet or not. */
  vips: readonly Address[]
}

/**
 * Reads which addresses the hosts have, by their last probes, and which of them can be RIP or DIP.
 * `vips` are those of the change that is being made, on top of the VIPs of all clusters.
 */
export async function readKnownAddresses(
  tx?: Tx,
  vips: readonly Address[] = [],
): Promise<KnownAddresses> {
  const hosts = await listHosts(tx)
  const clusters = await listDesiredClusters(tx)
  const all = [...vips, ...clusters.flatMap(({ services }) => services.flatMap(vipsOf))]
  const owners = hosts.map(({ id, name, probed }) => ({
    ...{ id, name },
    ...(probed !== undefined && { devices: probed.facts.devices }),
  }))
  return { hosts, vips: all, choices: addressChoices(owners, all) }
}

/** Which fields of the form name the host and its address. */
type Fields = { host: string; address: string }

/**
 * Checks that an address was read on the host that it is chosen for, and belongs to it alone; without a host, that it
 * is not one which several hosts own, or a VIP. Returns the host. Throws InvalidInput.
 */
export function checkAddress(
  { hosts, choices, vips }: KnownAddresses,
  { hostId, address }: { hostId?: string; address: Address },
  fields: Fields,
): Host | undefined {
  const host = hosts.find(({ id }) => id === hostId)
  if (hostId !== undefined && host === undefined) {
    throw new InvalidInput({ [fields.host]: 'host.unknown' })
  }
  if (host !== undefined && host.probed === undefined) {
    throw new InvalidInput({ [fields.host]: 'host.not-probed' }, undefined, { host: host.name })
  }
  if (vips.includes(address)) {
    throw new InvalidInput({ [fields.address]: 'address.is-vip' }, undefined, { address })
  }
  const found = choices.filter((choice) => choice.address === address)
  const own = host === undefined ? found : found.filter((choice) => choice.hostId === host.id)
  if (host !== undefined && own.length === 0) {
    const values = { host: host.name, address }
    throw new InvalidInput({ [fields.address]: 'address.not-on-host' }, undefined, values)
  }
  const refused = own.find((choice) => choice.refused !== undefined)?.refused
  if (refused === undefined) return host
  throw new InvalidInput({ [fields.address]: refused.code }, undefined, refused.values)
}

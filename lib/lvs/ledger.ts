import type { Address } from './address'
import {
  compareRealServerKeys,
  compareServiceKeys,
  formatRealServerKey,
  formatServiceKey,
  type RealServerKey,
  type ServiceKey,
} from './service'

/** One thing on a host that Tunboard may set, and later puts back. Its value is text; no value = it is not there. */
export type Item =
  | { kind: 'module'; name: string }
  | { kind: 'sysctl'; key: string }
  | { kind: 'link'; device: string }
  | { kind: 'address'; address: Address; device: string }
  | { kind: 'service'; service: ServiceKey }
  | { kind: 'entry'; service: ServiceKey; realServer: RealServerKey }
  | { kind: 'file'; path: string }
  /** A unit of systemd (`tunboard.service`) or a service of OpenRC (`local`) that is started at boot. */
  | { kind: 'unit'; name: string }

/**
 * One row of the ledger: what is ours on a host, and what was there before our first touch.
 * `intended`: committed before the first byte, not yet read back. `ours`: read back as written.
 */
export type LedgerRow = {
  hostId: string
  item: Item
  /** The value before our first touch; never overwritten by a second one. */
  before?: string
  /** The value that we wrote last. */
  written?: string
  state: 'intended' | 'ours'
  origin: 'applied' | 'adopted'
  /** Clusters that use the item, by id. */
  clusters: readonly string[]
  /** The apply that touched it first. */
  since: string
}

/** Names an entry's item from the names of its service and real server, as formatItem does. */
export const entryName = (service: string, realServer: string): string =>
  `entry ${realServer} in ${service}`

/** Names an item for people and as an identity within its host, e.g. `sysctl net.ipv4.conf.all.arp_ignore`. */
export function formatItem(item: Item): string {
  switch (item.kind) {
    case 'module':
      return `module ${item.name}`
    case 'sysctl':
      return `sysctl ${item.key}`
    case 'link':
      return `link ${item.device}`
    case 'address':
      return `address ${item.address} on ${item.device}`
    case 'service':
      return `service ${formatServiceKey(item.service)}`
    case 'entry':
      return entryName(formatServiceKey(item.service), formatRealServerKey(item.realServer))
    case 'file':
      return `file ${item.path}`
    case 'unit':
      return `unit ${item.name}`
    default:
      return item satisfies never
  }
}

/** Orders services and entries as `ipvsadm -Sn` does: by service, the service before its entries. */
export function compareItems(
  a: Item & { kind: 'service' | 'entry' },
  b: Item & { kind: 'service' | 'entry' },
): number {
  const byService = compareServiceKeys(a.service, b.service)
  if (byService !== 0 || a.kind !== b.kind) return byService || (a.kind === 'service' ? -1 : 1)
  return a.kind === 'entry' && b.kind === 'entry'
    ? compareRealServerKeys(a.realServer, b.realServer)
    : 0
}

import { type Address, compareAddresses, familyOf } from './address'
import { type Reason, reason } from './reason'
import type { Device } from './running'

/** A host as far as its addresses matter; `devices` is absent where it was never probed. */
export type AddressOwner = { id: string; name: string; devices?: readonly Device[] }

/** An address of a host that may be its RIP or DIP, or the reason why it may not. */
export type AddressChoice = {
  hostId: string
  address: Address
  device: string
  prefixLength: number
  refused?: Reason
}

/**
 * Tells whether an address can never be a VIP, RIP or DIP: unspecified, loopback, multicast, broadcast, and IPv6
 * link-local, which says nothing without its interface (ipvsadm takes no zone).
 */
export function isUnusable(address: Address): boolean {
  if (familyOf(address) === 6) return /^(::1?$|ff|fe[89ab])/.test(address)
  const first = Number(address.split('.')[0])
  return first === 0 || first === 127 || first >= 224
}

function refusalByItself(address: Address, device: Device): Reason | undefined {
  if (device.loopback) return reason('address.loopback', { address })
  return isUnusable(address) ? reason('address.unusable', { address }) : undefined
}

/**
 * Lists the addresses of every host, each with the reason where it cannot be a RIP or DIP: one that several hosts own
 * (they are all behind the same translation, so it names none of them), a VIP, a loopback or link-local one.
 * `vips` are those of all clusters: once applied, they are addresses of many hosts, and of one host as long as only
 * that one was probed since. Those that may be chosen come first, IPv4 before IPv6, and addresses on tunnels after those
 * on network cards: a packet for a real server is not meant to go through another tunnel.
 */
export function addressChoices(
  hosts: readonly AddressOwner[],
  vips: readonly Address[],
): AddressChoice[] {
  const owners = ownersByAddress(hosts)
  return hosts.flatMap(({ id, devices = [] }) => {
    const choices = devices.flatMap((device) =>
      device.addresses.map(({ address, prefixLength }): AddressChoice => {
        const refused = refusalByItself(address, device) ?? refusalAmong(address, owners, vips)
        const choice = { hostId: id, address, device: device.name, prefixLength }
        return refused === undefined ? choice : { ...choice, refused }
      }),
    )
    const tunnels = devices.filter(isTunnel).map(({ name }) => name)
    return choices.sort(byUsefulness(tunnels))
  })
}

function ownersByAddress(hosts: readonly AddressOwner[]): Map<Address, Set<string>> {
  const owners = new Map<Address, Set<string>>()
  for (const { name, devices = [] } of hosts) {
    for (const { address } of devices.flatMap((device) => device.addresses)) {
      owners.set(address, (owners.get(address) ?? new Set()).add(name))
    }
  }
  return owners
}

function refusalAmong(
  address: Address,
  owners: ReadonlyMap<Address, ReadonlySet<string>>,
  vips: readonly Address[],
): Reason | undefined {
  if (vips.includes(address)) return reason('address.is-vip', { address })
  const names = [...(owners.get(address) ?? [])].sort()
  return names.length > 1
    ? reason('address.shared', { address, hosts: names.join(', ') })
    : undefined
}

/** `linkinfo.info_kind` of devices that wrap packets in others (ip-link(8)). */
const isTunnel = ({ kind = '' }: Device): boolean =>
  /^(ipip|gre|gretap|sit|ip6tnl|ip6gre|vti|wireguard|vxlan|geneve|tun)$/.test(kind)

const byUsefulness =
  (tunnels: readonly string[]) =>
  (a: AddressChoice, b: AddressChoice): number => {
    const refused = Number(a.refused !== undefined) - Number(b.refused !== undefined)
    const tunnel = Number(tunnels.includes(a.device)) - Number(tunnels.includes(b.device))
    return refused || tunnel || compareAddresses(a.address, b.address)
  }

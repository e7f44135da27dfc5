import type { AddressChoice } from '@/lib/lvs/address-choices'
import type { Host } from '@/lib/lvs/host'
import type { Owner } from '@/lib/lvs/running'

/** A host as forms offer it: plain data, without anything that a browser should not have. */
export type HostChoice = {
  id: string
  name: string
  /** Its addresses were read; without them none can be chosen. */
  isProbed: boolean
  addresses: readonly AddressChoice[]
  /** Those of its kernel; absent where it was never probed. */
  schedulers?: readonly string[]
  devices: readonly string[]
  owners: readonly Owner['name'][]
}

/** What nobody would choose is noise: only refusals that need an explanation are shown. */
const isWorthShowing = ({ refused }: AddressChoice): boolean =>
  refused === undefined || !['address.loopback', 'address.link-local'].includes(refused.code)

/** Makes what the forms offer of the hosts and of what is known of their addresses. */
export function hostChoices(
  hosts: readonly Host[],
  choices: readonly AddressChoice[],
): HostChoice[] {
  return hosts.map(({ id, name, probed }) => ({
    ...{ id, name, isProbed: probed !== undefined },
    addresses: choices.filter((choice) => choice.hostId === id && isWorthShowing(choice)),
    ...(probed !== undefined && { schedulers: probed.facts.schedulers }),
    devices: probed?.facts.devices.map((device) => device.name) ?? [],
    owners: probed?.facts.owners.map((owner) => owner.name) ?? [],
  }))
}

/** Finds the address that a person most likely means. */
export function firstAddress(host: HostChoice | undefined): string | undefined {
  return host?.addresses.find(({ refused }) => refused === undefined)?.address
}

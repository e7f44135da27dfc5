import { type Address, hostPrefix } from './address'
import { type Argv, realServerOptions, serviceOptions } from './commands'
import type { Item } from './ledger'
import type { Device, Running, RunningRealServer, RunningService } from './running'
import { isEnabled, textOf } from './save-places'
import type { Saved } from './saved'
import {
  formatRealServerKey,
  formatServiceKey,
  type RealServerKey,
  type ServiceKey,
} from './service'
import { indexAddresses, indexTable } from './table-index'

/** Finds a service in what is running; `undefined` also where the table is absent or denied. */
export function findService(running: Running, key: ServiceKey): RunningService | undefined {
  if (running.ipvs.state !== 'present') return undefined
  return indexTable(running.ipvs.services).get(formatServiceKey(key))?.service
}

/** Finds a real server's entry in what is running. */
export function findEntry(
  running: Running,
  service: ServiceKey,
  realServer: RealServerKey,
): RunningRealServer | undefined {
  if (running.ipvs.state !== 'present') return undefined
  const found = indexTable(running.ipvs.services).get(formatServiceKey(service))
  return found?.entries.get(formatRealServerKey(realServer))
}

/** Tells whether a device holds an address, with whatever prefix. */
export const holds = ({ addresses }: Device, address: Address): boolean =>
  indexAddresses(addresses).has(address)

/** Finds a device by name. */
export function findDevice(running: Running, name: string): Device | undefined {
  return running.devices.find((device) => device.name === name)
}

function addressValue(running: Running, item: Item & { kind: 'address' }): string | undefined {
  const device = findDevice(running, item.device)
  const found = device && indexAddresses(device.addresses).get(item.address)
  const alone = found?.find(({ prefixLength }) => prefixLength === hostPrefix(item.address))
  const chosen = alone ?? found?.[0]
  return chosen === undefined ? undefined : `/${chosen.prefixLength}`
}

function ruleValue(
  running: Running,
  item: Item & { kind: 'service' | 'entry' },
): string | undefined {
  if (item.kind === 'service') {
    const service = findService(running, item.service)
    return service && joinOptions(serviceOptions(service.config))
  }
  const entry = findEntry(running, item.service, item.realServer)
  return entry && joinOptions(realServerOptions(entry.config))
}

const savedValue = (saved: Saved, item: Item & { kind: 'file' | 'unit' }): string | undefined =>
  item.kind === 'file'
    ? textOf(saved, item.path)
    : isEnabled(saved, item.name)
      ? 'enabled'
      : undefined

/**
 * Reads the value of an item out of what is running; `undefined` = it is not there.
 * module: `loaded` · sysctl: its text · link: `up`/`down` · address: `/32` · service, entry: ipvsadm options ·
 * file: its text, unit: `enabled`, both only where Save asked for the files too.
 */
export function itemValue(running: Running, item: Item): string | undefined {
  switch (item.kind) {
    case 'module':
      return running.modules.includes(item.name) ? 'loaded' : undefined
    case 'sysctl':
      return running.sysctls[item.key]
    case 'link': {
      const device = findDevice(running, item.device)
      return device === undefined ? undefined : device.up ? 'up' : 'down'
    }
    case 'address':
      return addressValue(running, item)
    case 'service':
    case 'entry':
      return ruleValue(running, item)
    case 'file':
    case 'unit':
      return running.saved && savedValue(running.saved, item)
    default:
      return item satisfies never
  }
}

/** Writes options as an item's value; no option holds white space. */
export const joinOptions = (options: Argv): string => options.join(' ')

/** Reads an item's value back as options. */
export const splitOptions = (value: string): string[] => value.split(' ')

/** Writes the key of a per-interface parameter; dots in a device's name become `/` (sysctl(8)). */
export const confKey = (device: string, parameter: string): string =>
  `net.ipv4.conf.${device.replaceAll('.', '/')}.${parameter}`

/** Reads the effective value of a parameter on a device: the larger of `all` and its own (ip-sysctl). */
export function effective(running: Running, device: string, parameter: string): number {
  const read = (name: string) => Number(running.sysctls[confKey(name, parameter)] ?? 0)
  return Math.max(read('all'), read(device))
}

import { hostPrefix } from './address'
import {
  type Argv,
  entryCommand,
  loadModule,
  serviceCommand,
  setAddress,
  setLink,
  setSysctl,
  setUnit,
  unloadModule,
} from './commands'
import { splitOptions } from './item-value'
import type { Item } from './ledger'
import type { Device, Running } from './running'

/**
 * Gives the command that takes an item from one value to another; `undefined` where nothing is to do or where
 * no command could (a file, a sysctl that does not exist).
 */
export function commandFor(
  item: Item,
  before: string | undefined,
  after: string | undefined,
): Argv | undefined {
  if (before === after) return undefined
  switch (item.kind) {
    case 'module':
      if (after !== undefined) return loadModule(item.name)
      // ip_vs is held by the scheduler modules that the kernel loads by itself: it stays, idle, and is said to stay
      return item.name === 'ipip' ? unloadModule(item.name) : undefined
    case 'sysctl':
      return after === undefined ? undefined : setSysctl(item.key, after)
    case 'link':
      return setLink(item.device, after === 'up' ? 'up' : 'down')
    case 'address':
      return addressCommand(item, before, after)
    case 'service':
    case 'entry':
      return tableCommand(item, before, after)
    case 'unit':
      return setUnit(item.name, after === undefined ? 'disable' : 'enable')
    case 'file':
      return undefined // its text goes on standard input: plan-save.ts
    default:
      return item satisfies never
  }
}

function tableCommand(
  item: Item & { kind: 'service' | 'entry' },
  before: string | undefined,
  after: string | undefined,
): Argv {
  const options = after === undefined ? [] : splitOptions(after)
  if (item.kind === 'service') {
    const command = after === undefined ? '-D' : before === undefined ? '-A' : '-E'
    return serviceCommand(command, item.service, options)
  }
  const command = after === undefined ? '-d' : before === undefined ? '-a' : '-e'
  return entryCommand(command, item.service, item.realServer, options)
}

function addressCommand(
  item: Item & { kind: 'address' },
  before: string | undefined,
  after: string | undefined,
): Argv {
  const prefix = (value: string | undefined) =>
    value === undefined ? hostPrefix(item.address) : Number(value.slice(1))
  return after === undefined
    ? setAddress('del', item.address, item.device, prefix(before))
    : setAddress('add', item.address, item.device, prefix(after))
}

/** The tunnel device that ipip makes and takes with it; `up` and its addresses come with later steps. */
const NEW_TUNNEL: Device = {
  name: 'tunl0',
  kind: 'ipip',
  up: false,
  loopback: false,
  addresses: [],
}

function withModule(running: Running, name: string, value: string | undefined): Running {
  const others = running.modules.filter((loaded) => loaded !== name)
  const modules = value === undefined ? others : [...others, name]
  if (name !== 'ipip') return { ...running, modules }
  const kept = running.devices.filter(({ kind }) => kind !== 'ipip')
  if (value === undefined) return { ...running, modules, devices: kept }
  const exists = running.devices.some((device) => device.name === NEW_TUNNEL.name)
  return { ...running, modules, devices: exists ? running.devices : [...kept, NEW_TUNNEL] }
}

const mapDevice = (
  running: Running,
  name: string,
  change: (device: Device) => Device,
): Running => ({
  ...running,
  devices: running.devices.map((device) => (device.name === name ? change(device) : device)),
})

function withAddress(running: Running, item: Item & { kind: 'address' }, value?: string): Running {
  return mapDevice(running, item.device, (device) => {
    const others = device.addresses.filter(({ address }) => address !== item.address)
    if (value === undefined) return { ...device, addresses: others }
    const added = { address: item.address, prefixLength: Number(value.slice(1)) }
    return { ...device, addresses: [...others, added] }
  })
}

/**
 * Thinks through what a host would be with an item's value changed: what the planner's guards look at.
 * Services and entries are not modelled here; guards on them read the plan's own steps.
 */
export function withValue(running: Running, item: Item, value: string | undefined): Running {
  switch (item.kind) {
    case 'module':
      return withModule(running, item.name, value)
    case 'sysctl':
      return value === undefined
        ? running
        : { ...running, sysctls: { ...running.sysctls, [item.key]: value } }
    case 'link':
      return mapDevice(running, item.device, (device) => ({ ...device, up: value === 'up' }))
    case 'address':
      return withAddress(running, item, value)
    case 'service':
    case 'entry':
    case 'file':
    case 'unit':
      return running
    default:
      return item satisfies never
  }
}

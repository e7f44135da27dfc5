import { canonical } from './address'
import { loadModule } from './modules'
import {
  addDevice,
  type Context,
  done,
  type FakeAddress,
  type FakeDevice,
  failed,
  type KernelState,
  type Output,
  removeDevices,
} from './state'

const REFUSED = 'RTNETLINK answers: Operation not permitted'

/** Finds a device by name; as root the kernel first tries to load the module `netdev-NAME` (LVS-TUN facts, 2.3). */
function named({ state, root }: Context, name: string): FakeDevice | undefined {
  const find = () => state.devices.find((device) => device.name === name)
  if (find() === undefined && root && name === 'tunl0') loadModule(state, 'ipip')
  return find()
}

/** `scope host` for loopback addresses, `scope link` for fe80::/10, else global. */
export function addressOf(text: string): FakeAddress | undefined {
  const [host = '', prefix] = text.split('/')
  const parsed = canonical(host)
  if (parsed === undefined) return undefined
  const full = parsed.family === 4 ? 32 : 128
  const length = prefix === undefined ? full : Number(prefix)
  if (!Number.isInteger(length) || length < 0 || length > full) return undefined
  const loopback = parsed.address.startsWith('127.') || parsed.address === '::1'
  const scope = loopback ? 'host' : parsed.address.startsWith('fe80:') ? 'link' : 'global'
  return { family: parsed.family, local: parsed.address, prefix: length, scope }
}

function flagsOf(device: FakeDevice): string[] {
  const kind = { loopback: ['LOOPBACK'], ether: ['BROADCAST', 'MULTICAST'], ipip: ['NOARP'] }
  return [...kind[device.linkType], ...(device.up ? ['UP', 'LOWER_UP'] : [])]
}

function linkJson(device: FakeDevice, detailed: boolean): Record<string, unknown> {
  const tunnel = device.linkType === 'ipip'
  return {
    ifindex: device.index,
    ...(tunnel ? { link: null } : {}),
    ifname: device.name,
    flags: flagsOf(device),
    mtu: device.mtu,
    qdisc: device.up ? 'noqueue' : 'noop',
    operstate: device.up ? 'UNKNOWN' : 'DOWN',
    group: 'default',
    txqlen: 1000,
    link_type: device.linkType,
    address: device.hardware,
    broadcast: tunnel ? '0.0.0.0' : 'ff:ff:ff:ff:ff:ff',
    ...(detailed ? { promiscuity: 0, min_mtu: 0, max_mtu: 0 } : {}),
    ...(detailed && device.kind !== undefined ? { linkinfo: { info_kind: device.kind } } : {}),
  }
}

function addressJson(address: FakeAddress, device: FakeDevice): Record<string, unknown> {
  return {
    family: address.family === 4 ? 'inet' : 'inet6',
    local: address.local,
    prefixlen: address.prefix,
    scope: address.scope,
    ...(address.family === 4 ? { label: device.name } : {}),
    valid_life_time: 4294967295,
    preferred_life_time: 4294967295,
  }
}

/** `ip -o -d link`: `4: tunl0@NONE: <NOARP> mtu 1480 qdisc noop state DOWN …\    link/ipip 0.0.0.0 brd 0.0.0.0 …` */
function linkText(device: FakeDevice): string {
  const at = device.linkType === 'ipip' ? '@NONE' : ''
  const state = device.up ? 'noqueue state UNKNOWN' : 'noop state DOWN'
  const brd = device.linkType === 'ipip' ? '0.0.0.0' : 'ff:ff:ff:ff:ff:ff'
  const kind = device.kind === undefined ? '' : `\\    ${device.kind} any remote any local any `
  const head = `${device.index}: ${device.name}${at}: <${flagsOf(device).join(',')}> mtu ${device.mtu}`
  const link = `link/${device.linkType} ${device.hardware} brd ${brd} promiscuity 0 `
  return `${head} qdisc ${state} mode DEFAULT group default qlen 1000\\    ${link}${kind}\n`
}

/** `ip -o addr`: `4: tunl0    inet 172.25.254.100/32 scope global tunl0\       valid_lft forever …` */
function addressText(device: FakeDevice): string {
  const line = (address: FakeAddress) => {
    const family = address.family === 4 ? 'inet' : 'inet6'
    const label = address.family === 4 ? ` ${device.name}` : ' '
    const text = `${family} ${address.local}/${address.prefix} scope ${address.scope}${label}`
    return `${device.index}: ${device.name}    ${text}\\       valid_lft forever preferred_lft forever\n`
  }
  return device.addresses.map(line).join('')
}

function show(state: KernelState, options: string[], object: string): Output {
  if (options.includes('-j')) {
    const detailed = options.includes('-d')
    const json = (device: FakeDevice) => ({
      ...linkJson(device, detailed),
      ...(object === 'link'
        ? {}
        : { addr_info: device.addresses.map((address) => addressJson(address, device)) }),
    })
    return done(`${JSON.stringify(state.devices.map(json))}\n`)
  }
  return done(state.devices.map(object === 'link' ? linkText : addressText).join(''))
}

function missing(name: string): Output {
  return failed(1, `Cannot find device "${name}"`)
}

function linkSet(context: Context, words: string[]): Output {
  const turn = words.find((word) => word === 'up' || word === 'down')
  const name = words.find((word) => !['up', 'down', 'dev'].includes(word)) ?? ''
  const device = named(context, name)
  if (device === undefined) return missing(name)
  if (!context.root) return failed(2, REFUSED)
  device.up = turn === 'up'
  // Going down flushes IPv6 addresses and keeps IPv4 ones.
  if (!device.up) device.addresses = device.addresses.filter((address) => address.family === 4)
  return done()
}

function addTunnel(context: Context, name: string, kind: string): Output {
  if (!context.root) return failed(2, REFUSED)
  if (kind === 'ipip') loadModule(context.state, 'ipip')
  if (context.state.devices.some((device) => device.name === name)) {
    return failed(2, 'RTNETLINK answers: File exists')
  }
  const linkType = kind === 'ipip' ? 'ipip' : 'ether'
  const rest = { mtu: 1480, up: false, addresses: [] }
  addDevice(context.state, { name, kind, linkType, hardware: '0.0.0.0', ...rest })
  return done()
}

function linkDelete(context: Context, words: string[]): Output {
  const name = words.filter((word) => word !== 'dev')[0] ?? ''
  const device = named(context, name)
  if (device === undefined) return missing(name)
  if (!context.root) return failed(2, REFUSED)
  // tunl0 cannot be deleted by hand: exit 0, and it stays.
  if (name !== 'tunl0') removeDevices(context.state, (each) => each === device)
  return done()
}

function changeAddress(context: Context, verb: string, words: string[]): Output {
  const at = words.indexOf('dev')
  const name = words[at + 1] ?? ''
  const text = words[0] ?? ''
  const address = addressOf(text)
  if (address === undefined) {
    return failed(1, `Error: any valid prefix is expected rather than "${text}".`)
  }
  const device = named(context, name)
  if (device === undefined) return missing(name)
  if (!context.root) return failed(2, REFUSED)
  const same = (other: FakeAddress) =>
    other.local === address.local && other.prefix === address.prefix
  const found = device.addresses.some(same)
  if (verb === 'del') {
    if (!found) return failed(2, 'RTNETLINK answers: Cannot assign requested address')
    device.addresses = device.addresses.filter((other) => !same(other))
    return done()
  }
  if (found) return verb === 'add' ? failed(2, 'RTNETLINK answers: File exists') : done()
  device.addresses.push(address)
  return done()
}

const VERBS: Record<string, string> = { delete: 'del', a: 'add', d: 'del', list: 'show', s: 'show' }

type Words = { verb: string; options: string[]; rest: string[] }

function address(context: Context, { verb, options, rest }: Words): Output {
  return verb === 'show' ? show(context.state, options, 'addr') : changeAddress(context, verb, rest)
}

function link(context: Context, { verb, options, rest }: Words): Output {
  if (verb === 'show') return show(context.state, options, 'link')
  if (verb === 'set') return linkSet(context, rest)
  if (verb === 'del') return linkDelete(context, rest)
  return addTunnel(context, rest[0] ?? '', rest[rest.indexOf('type') + 1] ?? '')
}

function tunnel(context: Context, { verb, rest }: Words): Output {
  if (verb === 'add') return addTunnel(context, rest[0] ?? '', 'ipip')
  return verb === 'del' ? linkDelete(context, rest) : done()
}

const OBJECTS: Record<string, (context: Context, words: Words) => Output> = {
  address,
  addr: address,
  a: address,
  link,
  l: link,
  tunnel,
}

/** ip(8): link, address and tunnel, with -j, -d and -o. */
export function ip(context: Context, argv: readonly string[]): Output {
  const words = argv.slice(1)
  const options: string[] = []
  while (words[0]?.startsWith('-') === true) options.push(words.shift() ?? '')
  const [object = '', said = 'show', ...rest] = words
  const run = OBJECTS[object]
  if (run === undefined) return failed(255, `Object "${object}" is unknown, try "ip help".`)
  return run(context, { verb: VERBS[said] ?? said, options, rest })
}

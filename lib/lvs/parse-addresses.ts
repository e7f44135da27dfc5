import { z } from 'zod'
import { parseAddress } from './address'
import { linesOf, parseCount, unreadableCut, unreadableLine, wordsOf } from './parse-lines'
import type { Device } from './running'

type Addresses = { address: string; prefixLength: number }[]
type Draft = Device & { addresses: Addresses }

// iproute2 before 5.0 prints empty objects for what a filter leaves out.
const addressSchema = z.object({
  family: z.string().optional(),
  local: z.string().optional(),
  prefixlen: z.number().int().min(0).max(128).optional(),
})
const deviceSchema = z.object({
  ifname: z.string().min(1).optional(),
  flags: z.array(z.string()).default([]),
  link_type: z.string().optional(),
  linkinfo: z.object({ info_kind: z.string().optional() }).optional(),
  addr_info: z.array(addressSchema).default([]),
})

/** Link types of tunnels that say what kind they are even without `-d`. `tunnel6` is any of ip6tnl's modes. */
const KIND_OF_LINK: ReadonlyMap<string, string> = new Map([
  ['ipip', 'ipip'],
  ['gre', 'gre'],
  ['sit', 'sit'],
  ['tunnel6', 'ip6tnl'],
])

function makeDevice(name: string, flags: readonly string[], kind: string | undefined): Draft {
  return {
    name,
    ...(kind === undefined ? {} : { kind }),
    up: flags.includes('UP'),
    loopback: flags.includes('LOOPBACK'),
    addresses: [],
  }
}

function parseJson(text: string): z.infer<typeof deviceSchema>[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw unreadableLine('addresses', linesOf(text)[0] ?? '')
  }
  const parsed = z.array(deviceSchema).safeParse(value)
  if (parsed.success) return parsed.data
  throw unreadableLine('addresses', z.prettifyError(parsed.error))
}

/** Reads one address; `undefined` for those of other families and the empty objects of old iproute2. */
function parseJsonAddress(row: z.infer<typeof addressSchema>): Addresses[number] | undefined {
  const { family, local, prefixlen } = row
  if (local === undefined || (family !== 'inet' && family !== 'inet6')) return undefined
  const address = parseAddress(local)
  if (address === undefined || prefixlen === undefined) throw unreadableLine('addresses', local)
  return { address, prefixLength: prefixlen }
}

function fromJson(text: string): Device[] {
  const devices: Draft[] = []
  for (const { ifname, flags, link_type, linkinfo, addr_info } of parseJson(text)) {
    if (ifname === undefined) continue
    const kind = linkinfo?.info_kind ?? KIND_OF_LINK.get(link_type ?? '')
    const addresses = addr_info.map(parseJsonAddress).filter((found) => found !== undefined)
    devices.push({ ...makeDevice(ifname, flags, kind), addresses })
  }
  return devices
}

// 7: tunl0@NONE: <NOARP,UP,LOWER_UP> mtu 1480 qdisc noqueue state UNKNOWN …\    link/ipip 0.0.0.0 brd 0.0.0.0
const LINK_ROW = /^\d+: ([^\s@:]+)(?:@[^\s:]+)?: <([^>]*)> .*?(?:link\/(\S+)|$)/
// 7: tunl0    inet 10.9.9.9/32 scope global tunl0\       valid_lft forever preferred_lft forever
const ADDRESS_ROW = /^\d+: (\S+)\s+inet6? (.*)$/

/** Reads `10.9.9.9/32 …` or `10.0.0.1 peer 10.0.0.2/32 …`: the first is the address of this host. */
function parseTextAddress(rest: string): Addresses[number] | undefined {
  const words = wordsOf(rest)
  const [local = '', ownLength] = (words[0] ?? '').split('/')
  const length = words[1] === 'peer' ? words[2]?.split('/')[1] : ownLength
  const address = parseAddress(local)
  const most = address?.includes(':') ? 128 : 32
  const prefixLength = length === undefined ? most : parseCount(length, most)
  if (address === undefined || prefixLength === undefined) return undefined
  return { address, prefixLength }
}

function fromText(lines: readonly string[]): Device[] {
  const devices = new Map<string, Draft>()
  for (const line of lines) {
    const [, name, flags = '', link = ''] = LINK_ROW.exec(line) ?? []
    if (name !== undefined) {
      devices.set(name, makeDevice(name, flags.split(','), KIND_OF_LINK.get(link)))
      continue
    }
    const [, of = '', rest = ''] = ADDRESS_ROW.exec(line) ?? []
    const [device, address] = [devices.get(of), parseTextAddress(rest)]
    // Whether a device is up stands in its link row alone; without it we would have to guess.
    if (device === undefined || address === undefined) throw unreadableLine('addresses', line)
    device.addresses.push(address)
  }
  return [...devices.values()]
}

// [{"ifindex":4,"ifname":"tunl0","flags":["NOARP","UP","LOWER_UP"],"link_type":"ipip","linkinfo":{"info_kind":"ipip"},
//   "addr_info":[{"family":"inet","local":"172.25.254.100","prefixlen":32,"scope":"global","label":"tunl0"}]}]
/**
 * Reads `ip -j -d addr show`, or, after a first line `#text`, what iproute2 before 4.14 can print: the rows of
 * `ip -o -d link show`, then those of `ip -o addr show`. Throws Unreadable (what `addresses`).
 */
export function parseAddresses(text: string): Device[] {
  const [first, ...rest] = linesOf(text)
  if (first === undefined) throw unreadableCut('addresses')
  const devices = first.trim() === '#text' ? fromText(rest) : fromJson(text)
  if (devices.length === 0) throw unreadableCut('addresses')
  return devices
}

import { type Address, parseAddress } from './address'
import { parseCount, unreadableCut, wordsOf } from './parse-lines'
import type { Protocol, RealServerKey, ServiceKey } from './service'

/** What names a service in /proc/net/ip_vs: there, a firewall mark does not tell its address family. */
export type TableServiceKey =
  | Extract<ServiceKey, { kind: 'address' }>
  | { kind: 'fwmark'; mark: number }

export type TableEntry = {
  key: RealServerKey
  /** `local`: the kernel found the RIP to be its own address. */
  method: 'tunnel' | 'route' | 'masquerade' | 'local'
  weight: number
  /** TCP: SYN_RECV and ESTABLISHED. UDP is never active (LVS-TUN 1.9). */
  active: number
  inactive: number
}

export type TableService = {
  key: TableServiceKey
  scheduler: string
  onePacket: boolean
  /** The timeout in jiffies: its unit is the kernel's HZ, so it is compared, never shown. */
  persistence?: { jiffies: number; maskHex: string }
  entries: TableEntry[]
}

/** The table as the kernel prints it. `unreadable` holds each line that we do not understand, verbatim. */
export type Table = { services: TableService[]; unreadable: string[] }

// ip_vs_fwd_name(), include/net/ip_vs.h
const METHODS = [
  ['Tunnel ', 'tunnel'],
  ['Route ', 'route'],
  ['Masq ', 'masquerade'],
  ['Local ', 'local'],
] as const
const PROTOCOLS: ReadonlyMap<string, Protocol> = new Map([
  ['TCP', 'tcp'],
  ['UDP', 'udp'],
  ['SCTP', 'sctp'],
])

const SPACE = 32
const COLON = 58
const BRACKET = 91
/** `[`, eight groups of four hex digits with seven colons, `]`. */
const V6_LENGTH = 41

/** Walks over one row; a failed step leaves `failed` set, so that rows are judged once, at their end. */
class Cursor {
  at = 0
  failed = false
  // Tables name the same few real servers many times; each spelling is made canonical once.
  private readonly v4 = new Map<number, Address>()
  private readonly v6 = new Map<string, Address>()

  constructor(readonly text: string) {}

  /** Reads `AC19FE02:0050` or `[fd00:0254:…:0002]:0050`: address and port, each in hex of fixed width. */
  endpoint(): RealServerKey {
    const rip = this.text.charCodeAt(this.at) === BRACKET ? this.addressV6() : this.addressV4()
    if (this.text.charCodeAt(this.at) !== COLON) this.failed = true
    this.at += 1
    return { rip, port: this.hex(4) }
  }

  /** Reads exactly `digits` hex digits. */
  hex(digits: number): number {
    let value = 0
    for (const end = this.at + digits; this.at < end; this.at++) {
      const code = this.text.charCodeAt(this.at)
      if (code >= 48 && code <= 57) value = value * 16 + code - 48
      else if (code >= 65 && code <= 70) value = value * 16 + code - 55
      else if (code >= 97 && code <= 102) value = value * 16 + code - 87
      else this.failed = true
    }
    return value
  }

  /** Reads a decimal number and the spaces before it; it must end at a space or the end of the row. */
  decimal(end: number): number {
    this.spaces()
    const start = this.at
    let value = 0
    let code = this.text.charCodeAt(this.at)
    while (code >= 48 && code <= 57 && this.at < end) {
      value = value * 10 + code - 48
      this.at++
      code = this.text.charCodeAt(this.at)
    }
    if (this.at === start || (this.at < end && code !== SPACE)) this.failed = true
    return value
  }

  /** Reads the forwarding method as the kernel names it. */
  method(): TableEntry['method'] | undefined {
    for (const [word, method] of METHODS) {
      if (!this.text.startsWith(word, this.at)) continue
      this.at += word.length
      return method
    }
    return undefined
  }

  spaces(): void {
    while (this.text.charCodeAt(this.at) === SPACE) this.at++
  }

  private addressV4(): Address {
    const value = this.hex(8)
    const known = this.v4.get(value)
    if (known !== undefined) return known
    const address = `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`
    this.v4.set(value, address)
    return address
  }

  private addressV6(): Address {
    const written = this.text.slice(this.at, this.at + V6_LENGTH)
    this.at += V6_LENGTH
    const known = this.v6.get(written)
    if (known !== undefined) return known
    const address = written.endsWith(']') ? parseAddress(written.slice(1, -1)) : undefined
    if (address === undefined) this.failed = true
    else this.v6.set(written, address)
    return address ?? ''
  }
}

//   -> AC19FE03:0050      Tunnel  1      0          15
function parseEntryRow(cursor: Cursor, start: number, end: number): TableEntry | undefined {
  cursor.at = start + 5
  cursor.failed = false
  const key = cursor.endpoint()
  cursor.spaces()
  const method = cursor.method()
  const weight = cursor.decimal(end)
  const active = cursor.decimal(end)
  const inactive = cursor.decimal(end)
  cursor.spaces()
  if (cursor.failed || cursor.at < end || method === undefined) return undefined
  return { key, method, weight, active, inactive }
}

function parseServiceKey(label: string, name: string): TableServiceKey | undefined {
  const cursor = new Cursor(name)
  if (label === 'FWM') {
    const mark = cursor.hex(8)
    return cursor.failed || mark === 0 || name.length > 8 ? undefined : { kind: 'fwmark', mark }
  }
  const protocol = PROTOCOLS.get(label)
  const { rip: vip, port } = cursor.endpoint()
  if (protocol === undefined || cursor.failed || cursor.at !== name.length) return undefined
  return { kind: 'address', protocol, vip, port }
}

// UDP  AC19FE64:14E9 rr ops
// TCP  AC19FE66:0000 wlc  persistent 60000 FFFFFF00
function parseServiceRow(line: string): TableService | undefined {
  const [label = '', name = '', scheduler, ...flags] = wordsOf(line)
  const key = parseServiceKey(label, name)
  if (key === undefined || scheduler === undefined) return undefined
  const onePacket = flags[0] === 'ops'
  const [word, jiffiesText, maskHex, ...more] = onePacket ? flags.slice(1) : flags
  if (word === undefined) return { key, scheduler, onePacket, entries: [] }
  const jiffies = parseCount(jiffiesText, Number.MAX_SAFE_INTEGER)
  if (word !== 'persistent' || jiffies === undefined || more.length > 0) return undefined
  if (maskHex === undefined || !/^[0-9A-F]{8}$/.test(maskHex)) return undefined
  return { key, scheduler, onePacket, persistence: { jiffies, maskHex }, entries: [] }
}

const HEADERS = ['Prot LocalAddress:Port ', '  -> RemoteAddress:Port ']

/** Calls `visit` with the bounds of each line after the first. */
function eachRow(text: string, visit: (start: number, end: number) => void): void {
  let start = text.indexOf('\n') + 1
  while (start > 0 && start < text.length) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline
    visit(start, end)
    start = end + 1
  }
}

// IP Virtual Server version 1.2.1 (size=4096)
/**
 * Reads /proc/net/ip_vs (hexadecimal; net/netfilter/ipvs/ip_vs_ctl.c, ip_vs_info_seq_show). An entry under a
 * service that we cannot read is unreadable too, never counted under the service above it.
 * Throws Unreadable (what `table`) when the text does not begin as that file does.
 */
export function parseProcTable(text: string): Table {
  if (!text.startsWith('IP Virtual Server version ')) throw unreadableCut('table')
  const table: Table = { services: [], unreadable: [] }
  const cursor = new Cursor(text)
  let service: TableService | undefined
  const keep = (line: string) => {
    if (line.trim() !== '' && !HEADERS.some((header) => line.startsWith(header)))
      table.unreadable.push(line)
  }
  eachRow(text, (start, end) => {
    if (text.startsWith('  -> ', start)) {
      const entry = service && parseEntryRow(cursor, start, end)
      if (service === undefined || entry === undefined) keep(text.slice(start, end))
      else service.entries.push(entry)
      return
    }
    const line = text.slice(start, end)
    service = parseServiceRow(line)
    if (service === undefined) keep(line)
    else table.services.push(service)
  })
  return table
}

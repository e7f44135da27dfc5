import { z } from 'zod'

/** An IPv4 or IPv6 address in its one canonical text form (RFC 5952 for IPv6, no leading zeros for IPv4). */
export type Address = string

export type Family = 4 | 6

const DOT = 46
const ZERO = 48
const NINE = 57

/** No octet: larger than any. */
const NONE = 256

/** Reads one octet, digit by digit: tables hold tens of thousands of addresses. A leading zero is octal to some programs. */
function octetOf(text: string): number {
  if (text === '' || text.length > 3 || (text.length > 1 && text.startsWith('0'))) return NONE
  let octet = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < ZERO || code > NINE) return NONE
    octet = octet * 10 + code - ZERO
  }
  return octet
}

function parseV4(text: string): number[] | undefined {
  const octets = text.split('.').map(octetOf)
  return octets.length === 4 && octets.every((octet) => octet < NONE) ? octets : undefined
}

/** Splits one side of `::` into 16-bit groups; a trailing dotted IPv4 counts as two. */
function groupsOf(text: string): number[] | undefined {
  if (text === '') return []
  const groups: number[] = []
  const parts = text.split(':')
  for (const [index, part] of parts.entries()) {
    const v4 = index === parts.length - 1 && part.includes('.') ? parseV4(part) : undefined
    if (v4 !== undefined) {
      const [a = 0, b = 0, c = 0, d = 0] = v4
      groups.push(a * 256 + b, c * 256 + d)
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16))
    else return undefined
  }
  return groups
}

function parseV6(text: string): number[] | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = groupsOf(halves[0] ?? '')
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? '') : []
  if (head === undefined || tail === undefined) return undefined
  const missing = 8 - head.length - tail.length
  if (halves.length === 1) return missing === 0 ? head : undefined
  return missing >= 1 ? [...head, ...Array<number>(missing).fill(0), ...tail] : undefined
}

/** Finds the longest run (at least two) of zero groups, the first of equals (RFC 5952, 4.2). */
function longestZeroRun(groups: number[]): { start: number; length: number } {
  let best = { start: -1, length: 1 }
  for (let start = 0; start < groups.length; start++) {
    let length = 0
    while (groups[start + length] === 0) length++
    if (length > best.length) best = { start, length }
  }
  return best
}

function formatV6(groups: number[]): string {
  const hex = (part: number[]) => part.map((group) => group.toString(16)).join(':')
  const run = longestZeroRun(groups)
  if (run.start < 0) return hex(groups)
  return `${hex(groups.slice(0, run.start))}::${hex(groups.slice(run.start + run.length))}`
}

/** Reads an address in any usual spelling; `undefined` when it is none (host names are none). */
export function parseAddress(text: string): Address | undefined {
  const v4 = parseV4(text)
  if (v4 !== undefined) return v4.join('.')
  const v6 = text.includes(':') ? parseV6(text) : undefined
  return v6 === undefined ? undefined : formatV6(v6)
}

/** Tells the family of a canonical address. */
export function familyOf(address: Address): Family {
  return address.includes(':') ? 6 : 4
}

/** Tells the prefix length that holds this address alone: 32 or 128. */
export function hostPrefix(address: Address): 32 | 128 {
  return familyOf(address) === 4 ? 32 : 128
}

function bitsOf(address: Address): string {
  const v4 = familyOf(address) === 4
  const groups = (v4 ? parseV4(address) : parseV6(address)) ?? []
  return groups.map((group) => group.toString(2).padStart(v4 ? 8 : 16, '0')).join('')
}

/** Tells whether `address` lies in the network that `other`/`prefixLength` is in. */
export function inSameNetwork(address: Address, other: Address, prefixLength: number): boolean {
  if (familyOf(address) !== familyOf(other)) return false
  return bitsOf(address).slice(0, prefixLength) === bitsOf(other).slice(0, prefixLength)
}

/** Reads a canonical IPv4 address as its 32-bit number, without making a list: tables are sorted by it. */
function numberOfV4(address: Address): number {
  let [value, octet] = [0, 0]
  for (let at = 0; at < address.length; at++) {
    const code = address.charCodeAt(at)
    if (code === DOT) [value, octet] = [value * 256 + octet, 0]
    else octet = octet * 10 + code - ZERO
  }
  return value * 256 + octet
}

/** Orders addresses: IPv4 before IPv6, then by value. */
export function compareAddresses(a: Address, b: Address): number {
  if (a === b) return 0
  const byFamily = familyOf(a) - familyOf(b)
  if (byFamily !== 0) return byFamily
  if (familyOf(a) === 4) return numberOfV4(a) - numberOfV4(b)
  const [left, right] = [bitsOf(a), bitsOf(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

/** Writes `address:port` as ipvsadm(8) reads it: IPv6 in brackets. */
export function formatEndpoint(address: Address, port: number): string {
  return familyOf(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`
}

/** Reads an address from a form and makes it canonical. */
export const addressSchema = z
  .string()
  .trim()
  .transform((text, context) => {
    const address = parseAddress(text)
    if (address !== undefined) return address
    context.addIssue({ code: 'custom', message: 'address.invalid' })
    return z.NEVER
  })

/** A port that a service may listen on; 0 means "every port" and needs persistence (ipvsadm(8)). */
export const portSchema = z.coerce
  .number({ error: 'port.invalid' })
  .int('port.invalid')
  .min(0, 'port.invalid')
  .max(65535, 'port.invalid')

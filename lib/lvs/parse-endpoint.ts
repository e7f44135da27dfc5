import { type Address, parseAddress } from './address'
import { parseCount } from './parse-lines'
import type { Protocol, ServiceKey } from './service'

/** The largest firewall mark (32 bits). */
const MARK_MOST = 4294967295

/** Reads a firewall mark as ipvsadm(8) takes it; `undefined` for another: 0 is no mark. */
export function parseMark(word: string | undefined): number | undefined {
  const mark = parseCount(word, MARK_MOST)
  return mark === 0 ? undefined : mark
}

// FWM  -294967296 wlc      -A -f -294967296 -s wlc
/**
 * Reads a firewall mark as ipvsadm(8) prints it: one above 2,147,483,647 as a negative number, which it does not take
 * itself (LVS-TUN facts, 1.7).
 */
export function parseListedMark(word: string | undefined): number | undefined {
  if (word?.startsWith('-') !== true) return parseMark(word)
  const below = parseCount(word.slice(1), 2147483648)
  return below === undefined || below === 0 ? undefined : 4294967296 - below
}

// 172.25.254.100:80   [fd00:254::100]:80   172.25.254.2
// 172.25.254.100:80
/** Reads what has one colon, as nearly every row of a table has it: no IPv6 address, so an IPv4 one and a port. */
function parsePlain(text: string, colon: number): { address: Address; port: number } | undefined {
  const address = parseAddress(text.slice(0, colon))
  const port = parseCount(text.slice(colon + 1), 65535)
  return address === undefined || port === undefined ? undefined : { address, port }
}

/** Reads `address:port` or an address alone as ipvsadm(8) writes them; `undefined` when it is neither. */
export function parseEndpoint(text: string): { address: Address; port?: number } | undefined {
  const colon = text.indexOf(':')
  if (colon !== -1 && text.indexOf(':', colon + 1) === -1) return parsePlain(text, colon)
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d+))?$/.exec(text)
  const [, bracketed, plain, portText] = match ?? []
  const address = parseAddress(bracketed ?? plain ?? text)
  if (address === undefined) return undefined
  if (match === null) return { address }
  if (address.includes(':') !== (bracketed !== undefined)) return undefined
  if (portText === undefined) return { address }
  const port = parseCount(portText, 65535)
  return port === undefined ? undefined : { address, port }
}

const LISTED: ReadonlyMap<string, Protocol> = new Map([
  ['TCP', 'tcp'],
  ['UDP', 'udp'],
  ['SCTP', 'sctp'],
])

// TCP  172.25.254.100:80 rr      SCTP 172.25.254.100:2905 rr      FWM  8 IPv6 rr
/** Reads the key that begins a service row of `ipvsadm -Ln …`, and the words after it. */
export function parseListedService(
  words: readonly string[],
): { key: ServiceKey; rest: readonly string[] } | undefined {
  const [label = '', name = ''] = words
  if (label === 'FWM') {
    const mark = parseListedMark(name)
    if (mark === undefined) return undefined
    const family = words[2] === 'IPv6' ? 6 : 4
    return { key: { kind: 'fwmark', mark, family }, rest: words.slice(family === 6 ? 3 : 2) }
  }
  const protocol = LISTED.get(label)
  const endpoint = parseEndpoint(name)
  if (protocol === undefined || endpoint?.port === undefined) return undefined
  const { address: vip, port } = endpoint
  return { key: { kind: 'address', protocol, vip, port }, rest: words.slice(2) }
}

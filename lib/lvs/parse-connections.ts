import { type Address, formatEndpoint, parseAddress } from './address'
import { linesOf, unreadableCut, wordsOf } from './parse-lines'
import { PROTOCOLS } from './service'

/** How many connections of one destination at one RIP are in each state, e.g. `SYN_RECV`, `ESTABLISHED`, `FIN_WAIT`. */
export type ConnectionStates = {
  /** Protocol and endpoint that clients use, as in formatServiceKey. A fwmark service shows its VIPs here, not its mark. */
  service: string
  /** RIP:port as in formatRealServerKey. */
  realServer: string
  states: Record<string, number>
  /** Persistence templates: entries with client port 0, which are no connections. */
  templates: number
}

export type Connections = { counts: ConnectionStates[]; unreadable: string[] }

// AC19FE64      fd00:0254:0000:0000:0000:0000:0000:0100
function parseHexAddress(word: string | undefined): Address | undefined {
  if (word === undefined) return undefined
  if (word.includes(':')) return parseAddress(word)
  if (!/^[0-9A-Fa-f]{8}$/.test(word)) return undefined
  const octets = [0, 2, 4, 6].map((at) => Number.parseInt(word.slice(at, at + 2), 16))
  return octets.join('.')
}

function parseHexEndpoint(host: string | undefined, port: string | undefined): string | undefined {
  const address = parseHexAddress(host)
  if (address === undefined || port === undefined || !/^[0-9A-Fa-f]{4}$/.test(port))
    return undefined
  return formatEndpoint(address, Number.parseInt(port, 16))
}

type Row = { service: string; realServer: string; state: string; isTemplate: boolean }

// TCP AC19FEFA EDBC AC19FE64 0050 AC19FE03 0050 FIN_WAIT         76
function parseRow(line: string): Row | undefined {
  const [label = '', fromHost, fromPort, toHost, toPort, host, port, state, expires] = wordsOf(line)
  const protocol = PROTOCOLS.find((name) => name.toUpperCase() === label)
  const client = parseHexEndpoint(fromHost, fromPort)
  const vip = parseHexEndpoint(toHost, toPort)
  const realServer = parseHexEndpoint(host, port)
  if (protocol === undefined || client === undefined || vip === undefined) return undefined
  if (realServer === undefined || state === undefined || !/^\d+$/.test(expires ?? ''))
    return undefined
  return { service: `${protocol} ${vip}`, realServer, state, isTemplate: fromPort === '0000' }
}

// Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
/**
 * Counts the states of /proc/net/ip_vs_conn (hexadecimal; net/netfilter/ipvs/ip_vs_conn.c) per service and real server.
 * An entry that is only ever in SYN_RECV does not answer (LVS-TUN 1.9). On large tables this file is dear: read it rarely.
 * Throws Unreadable (what `ip_vs_conn`) when the text does not begin as that file does.
 */
export function parseConnections(text: string): Connections {
  const [header = '', ...lines] = linesOf(text)
  if (!header.startsWith('Pro FromIP ')) throw unreadableCut('ip_vs_conn')
  const counts = new Map<string, ConnectionStates>()
  const unreadable: string[] = []
  for (const line of lines) {
    const row = parseRow(line)
    if (row === undefined) unreadable.push(line)
    else count(counts, row)
  }
  return { counts: [...counts.values()], unreadable }
}

function count(counts: Map<string, ConnectionStates>, row: Row): void {
  const { service, realServer, state, isTemplate } = row
  const name = `${service} ${realServer}`
  const found = counts.get(name) ?? { service, realServer, states: {}, templates: 0 }
  if (isTemplate) found.templates += 1
  else found.states[state] = (found.states[state] ?? 0) + 1
  counts.set(name, found)
}

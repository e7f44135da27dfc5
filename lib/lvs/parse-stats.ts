import { type Listed, parseColumns, parseListing } from './parse-listing'
import type { RealServerKey } from './service'

/**
 * Totals since the service or entry was made, or zeroed with -Z. Up to 2^53 each is exact; above it bytes lose their
 * last bits, which no rate can show. In TUN mode the director sees no answers: the two `out` are 0 by design.
 */
export type Totals = {
  connections: number
  inPackets: number
  outPackets: number
  inBytes: number
  outBytes: number
}

function readTotals(words: readonly string[]): Totals | undefined {
  const columns = parseColumns(words, 5)
  if (columns === undefined) return undefined
  const [connections = 0, inPackets = 0, outPackets = 0, inBytes = 0, outBytes = 0] = columns
  return { connections, inPackets, outPackets, inBytes, outBytes }
}

function entryOf(columns: readonly number[], key: RealServerKey): Totals & { key: RealServerKey } {
  const [connections = 0, inPackets = 0, outPackets = 0, inBytes = 0, outBytes = 0] = columns
  return { key, connections, inPackets, outPackets, inBytes, outBytes }
}

// Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes
// TCP  172.25.254.100:80                  29      194        0    12582        0
//   -> 172.25.254.2:80                    14       96        0     6196        0
/**
 * Reads `ipvsadm -Ln --stats --exact` (without --exact, `187073K` lands in `unreadable`). Of entries, ipvsadm 1.31
 * prints connections and packets modulo 2^32 (LVS-TUN 1.9); stats.ts knows.
 */
export function parseStats(text: string): Listed<Totals, Totals> {
  return parseListing(text, readTotals, { length: 5, make: entryOf })
}

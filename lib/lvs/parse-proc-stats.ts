import { linesOf, unreadableLine, wordsOf } from './parse-lines'
import type { Totals } from './parse-stats'

// Total Incoming Outgoing         Incoming         Outgoing
// Conns  Packets  Packets            Bytes            Bytes
//    1D       C2        0             3126                0
/**
 * Reads the totals of the whole director from /proc/net/ip_vs_stats, its third line, in hexadecimal
 * (net/netfilter/ipvs/ip_vs_ctl.c, ip_vs_stats_show). The rates below it are smoothed and rounded: not read.
 * Throws Unreadable (what `ip_vs_stats`).
 */
export function parseProcStats(text: string): Totals {
  const line = linesOf(text)[2] ?? ''
  const words = wordsOf(line)
  if (words.length !== 5 || !words.every((word) => /^[0-9A-Fa-f]{1,16}$/.test(word)))
    throw unreadableLine('ip_vs_stats', line)
  const numbers = words.map((word) => Number.parseInt(word, 16))
  const [connections = 0, inPackets = 0, outPackets = 0, inBytes = 0, outBytes = 0] = numbers
  return { connections, inPackets, outPackets, inBytes, outBytes }
}

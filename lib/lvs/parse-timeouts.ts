import { linesOf, unreadableLine } from './parse-lines'

/** How long an idle connection is remembered, in seconds. */
export type Timeouts = { tcp: number; tcpFin: number; udp: number }

// Timeout (tcp tcpfin udp): 900 120 300
/** Reads `ipvsadm -L --timeout`. Throws Unreadable (what `timeouts`). */
export function parseTimeouts(text: string): Timeouts {
  const [line = ''] = linesOf(text)
  const [, tcp, tcpFin, udp] = /^Timeout \(tcp tcpfin udp\): (\d+) (\d+) (\d+)\s*$/.exec(line) ?? []
  if (tcp === undefined || tcpFin === undefined || udp === undefined)
    throw unreadableLine('timeouts', line)
  return { tcp: Number(tcp), tcpFin: Number(tcpFin), udp: Number(udp) }
}

import type { Distribution } from './distribution'
import type { Reason } from './reason'

/**
 * What the live stream of a cluster sends to its browsers, as JSON: `history` once at the start, then `live` with each
 * reading of a director, and whenever one is lost or found again. Absent figures are not known; they are never 0.
 */
export type LiveSnapshot = {
  directors: LiveDirector[]
  /** The virtual services of the cluster that stand in a director's table, ours by desired or by the ledger. */
  services: LiveService[]
}

export type LiveDirector = {
  hostId: string
  name: string
  /** When its table was read last, in milliseconds since 1970 by Tunboard's clock; absent = not yet. */
  readAt?: number
  /** Milliseconds between that reading and the sending of this: a browser's own clock may be wrong. */
  ageMs?: number
  /** ip_vs is not loaded there: there is no table. */
  absent: boolean
  /** Why its totals may not be read, so that there are counts, but no rates and no distribution. */
  denied?: Reason
  /** It cannot be read since then (milliseconds since 1970); what is said of its services is old. */
  lost?: { since: number; reason: Reason }
}

export type LiveService = {
  hostId: string
  /** formatTableKey: as formatServiceKey, but a firewall mark without its family. */
  key: string
  scheduler: string
  realServers: LiveRealServer[]
  /** New connections per second of the whole service. */
  connectionsPerSecond?: number
  inBytesPerSecond?: number
  distribution: Distribution
}

export type LiveRealServer = {
  /** formatRealServerKey. */
  key: string
  weight: number
  active: number
  inactive: number
  connectionsPerSecond?: number
  /** From clients only: in TUN mode the director sees no answers. */
  inBytesPerSecond?: number
  /** Of all new connections in the distribution's window, 0–1. */
  share?: number
  promised?: number
  /** Why there are no rates: the first reading, counters set back, or totals that may not be read. */
  ratesUnknown?: 'first-read' | 'reset' | 'denied'
}

/** Active connections of the last ten minutes, for a page that opens now. */
export type LiveHistory = {
  /** Now, by Tunboard's clock, in milliseconds since 1970. */
  now: number
  /** When each point was read, by the same clock. */
  at: number[]
  /** By service key, by real-server key: one figure per point; null where it is not known (a gap). */
  active: Record<string, Record<string, (number | null)[]>>
}

/** The names of the stream's events. */
export const LIVE_EVENTS = ['history', 'live'] as const

import type { IconName } from '@/app/_ui/icon'
import type { Tone } from '@/app/_ui/tone'

/** A drain that goes on. */
export type DrainView = {
  id: string
  /** The wait is over, and the entries are being removed: it cannot be undone any more. */
  isRemoving: boolean
  /** By their ids in desired. */
  realServerIds: readonly string[]
  startedAt: number
  deadlineAt: number
  startedBy: string
}

/** A virtual service of the cluster as desired, as plain data for the browser. */
export type ServiceView = {
  /** Absent: no longer desired, but still in a director's table. */
  id?: string
  /** formatTableKey: what the live stream calls it. */
  key: string
  /** What clients talk to: `172.25.254.100:80`, `fwmark 7`. */
  endpoint: string
  protocol?: string
  scheduler: string
  flags: readonly string[]
  /** Seconds for which clients are sticky. */
  persistence?: number
  realServers: readonly DesiredView[]
}

export type DesiredView = {
  id: string
  /** formatRealServerKey. */
  key: string
  name: string
  rip: string
  weight: number
  /** Only where Tunboard manages the machine. */
  hostId?: string
}

export type RowState =
  | 'in-rotation'
  | 'quiesced'
  | 'drain-planned'
  | 'draining'
  | 'removing'
  | 'foreign'
  | 'not-applied'
  | 'to-remove'
  | 'unknown'

/** Why a figure is not known; `live.unknown.<why>`. */
export type UnknownWhy =
  | 'not-read'
  | 'not-in-table'
  | 'first-read'
  | 'reset'
  | 'denied'
  | 'no-share'

/** One real server of one virtual service: as desired, as seen in the director's table, or both. */
export type RealServerView = {
  /** formatRealServerKey: its identity within the service. */
  id: string
  name: string
  rip: string
  /** Which hue of the charts, the same through the page. */
  index: number
  state: RowState
  /** Absent on foreign entries and on what is to be removed. */
  desired?: DesiredView
  /** The machine itself cannot be reached; the counts come from the director all the same. */
  isUnreachable: boolean
  drain?: DrainView
  /** Absent figures are not known; `unknown` says why. */
  weight?: number
  active?: number
  inactive?: number
  newPerSecond?: number
  inBytesPerSecond?: number
  /** Of all new connections of the service in the distribution's window, 0 to 1. */
  share?: number
  promised?: number
  unknown: { counts: UnknownWhy; rates: UnknownWhy }
}

/** Word, picture and colour of each state belong together; the word is `live.rowState.<state>`. */
export const STATE_LOOK: Record<RowState, { tone: Tone; icon: IconName }> = {
  'in-rotation': { tone: 'ok', icon: 'ok' },
  quiesced: { tone: 'neutral', icon: 'pause' },
  'drain-planned': { tone: 'info', icon: 'plan' },
  draining: { tone: 'info', icon: 'wait' },
  removing: { tone: 'info', icon: 'running' },
  foreign: { tone: 'neutral', icon: 'person' },
  'not-applied': { tone: 'info', icon: 'waiting' },
  'to-remove': { tone: 'warn', icon: 'plan' },
  unknown: { tone: 'unknown', icon: 'unknown' },
}

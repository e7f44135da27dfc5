import type { Reason } from '@/lib/lvs/reason'
import type { DrainView, ServiceView } from './real-server-view'

/** What the database tells the page of a cluster, besides the stream. */
export type PageFacts = {
  clusterId: string
  /** The desired version that every change from here is made from. */
  version: number
  mayChange: boolean
  directors: readonly { hostId: string; name: string; dip: string }[]
  services: readonly ServiceView[]
  drains: readonly DrainView[]
  /** Entries that are ours by the ledger, as historyKey names them. */
  ours: readonly string[]
  /** Nothing of this cluster is on a host. */
  isNeverApplied: boolean
  /** When applies of the last minutes began, in milliseconds since 1970. */
  applies: readonly number[]
}

/** What stays on a host that cannot be reached. */
export type DebtView = {
  hostId: string
  hostName: string
  items: number
  why: Reason
  /** When the apply ended that left it; absent where no apply did. */
  since?: number
}

/** What comparing running with desired told: it reads every host, so it comes later and is older than the stream. */
export type Comparison = {
  /** Ids of hosts that could not be read. */
  unreachable: readonly string[]
  debts: readonly DebtView[]
  /** How many virtual services run on the directors that are not ours. */
  foreign: readonly { hostName: string; services: number }[]
  /** A drain that did not come to its end by itself, while an entry is still to be removed. */
  over?: 'ended' | 'failed'
}

export const NOT_COMPARED: Comparison = { unreachable: [], debts: [], foreign: [] }

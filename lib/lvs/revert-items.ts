import type { ClusterOptions } from './cluster'
import {
  formatRealServerKey,
  formatServiceKey,
  type RealServerKey,
  type ServiceKey,
} from './service'

/**
 * One thing of a cluster that a revert decides by itself. `service` is the whole of it, with its entries: where an apply
 * brought or took it, or somebody took it since. `configuration` and `entry` are parts of one that stays.
 */
export type RevertItem =
  | { kind: 'option'; option: keyof ClusterOptions }
  | { kind: 'director'; hostId: string; name: string }
  | { kind: 'service'; service: ServiceKey }
  | { kind: 'configuration'; service: ServiceKey }
  | { kind: 'entry'; service: ServiceKey; realServer: RealServerKey; name: string }

/** Writes an item as an identity: what a choice is made for. */
export function formatRevertItem(item: RevertItem): string {
  switch (item.kind) {
    case 'option':
      return `option ${item.option}`
    case 'director':
      return `director ${item.hostId}`
    case 'service':
    case 'configuration':
      return `${item.kind} ${formatServiceKey(item.service)}`
    case 'entry':
      return `entry ${formatServiceKey(item.service)} ${formatRealServerKey(item.realServer)}`
    default:
      return item satisfies never
  }
}

/** What an item was or is, for people; `entries`: how many real servers a whole service has. */
export type RevertValue = { text: string; entries?: number }

export const REVERT_CHOICES = ['keep', 'back'] as const
/** Of an item that changed since: as it is now, or as it was before the apply. */
export type RevertChoice = (typeof REVERT_CHOICES)[number]

/** Choices by formatRevertItem. */
export type RevertChoices = Readonly<Record<string, RevertChoice>>

/** What a revert does with one item that the apply changed. An absent value: it was, or is, not there. */
export type RevertChange = {
  id: string
  item: RevertItem
  before?: RevertValue
  after?: RevertValue
  now?: RevertValue
  /** `back`: it goes back. `already`: it is as it was. `conflict`: somebody changed it since. */
  state: 'back' | 'already' | 'conflict'
  /** Only of a conflict; absent = nobody has chosen, and it stays as it is now. */
  choice?: RevertChoice
}

/** Lists the conflicts for which nobody has chosen. */
export const openConflicts = (changes: readonly RevertChange[]): RevertChange[] =>
  changes.filter(({ state, choice }) => state === 'conflict' && choice === undefined)

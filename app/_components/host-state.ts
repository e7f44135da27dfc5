import type { Tone } from '@/app/_ui/tone'
import type { Host } from '@/lib/lvs/host'

/** The state of a host as far as the database tells: a code of `hosts.state`, with its values. */
export type HostState =
  | { name: 'key-missing' | 'untested' | 'well'; tone: Tone }
  | { name: 'owned'; tone: Tone; owner: string }
  | { name: 'warned' | 'debts'; tone: Tone; count: number }

/** Tells the worst that is known of a host; what nobody has read is unknown, not well. */
export function hostState(host: Pick<Host, 'hostKey' | 'probed'>, debts: number): HostState {
  if (host.hostKey === undefined) return { name: 'key-missing', tone: 'warn' }
  if (debts > 0) return { name: 'debts', tone: 'warn', count: debts }
  if (host.probed === undefined) return { name: 'untested', tone: 'unknown' }
  const { owners, warnings } = host.probed.facts
  const [owner] = owners
  if (owner !== undefined) return { name: 'owned', tone: 'warn', owner: owner.name }
  if (warnings.length > 0) return { name: 'warned', tone: 'warn', count: warnings.length }
  return { name: 'well', tone: 'ok' }
}

import { findService } from './item-value'
import type { Plan, Step } from './plan'
import type { HostState, RunningRealServer } from './running'

/** Connections that run through what a plan changes, active ones only; `undefined` where nobody could count them. */
export type Touched = {
  cut: number | undefined
  /** Those of the cut ones that lose the last service of their director with it: its own TCP resets them (LVS-TUN facts, 4.2). */
  reset: number | undefined
  ending: number | undefined
}

const sum = (counts: readonly (number | undefined)[]): number | undefined =>
  counts.reduce<number | undefined>(
    (total, count) => (total === undefined || count === undefined ? undefined : total + count),
    0,
  )

const activeOf = (entries: readonly RunningRealServer[]): number | undefined =>
  sum(entries.map(({ active }) => active))

/** Counts the connections that one step cuts: those of its entry, or of every entry of its service. */
function cutBy(step: Step, hosts: readonly HostState[]): number | undefined {
  const { item } = step
  if (step.change !== 'remove' || item === undefined) return 0
  if (item.kind === 'entry') return step.connections
  if (item.kind !== 'service') return 0
  const running = hosts.find(({ host }) => host.id === step.hostId)?.running
  if (running === undefined) return undefined
  return activeOf(findService(running, item.service)?.realServers ?? [])
}

/** Tells whether no service of anybody is left on a director after these steps. */
function losesAll({ host, running }: HostState, steps: readonly Step[]): boolean {
  if (running?.ipvs.state !== 'present' || running.ipvs.services.length === 0) return false
  if (running.ipvs.unreadable.length > 0) return false
  const own = steps.filter(({ kind, hostId }) => kind === 'service' && hostId === host.id)
  const [added, removed] = (['add', 'remove'] as const).map(
    (way) => own.filter(({ change }) => change === way).length,
  )
  return added === 0 && removed === running.ipvs.services.length
}

/**
 * Counts the connections that a plan cuts (removed entries and services) and those that it only leaves to end
 * (quiesced entries), as of the reading that the plan was made from.
 */
export function touchedConnections(
  { steps }: Pick<Plan, 'steps'>,
  hosts: readonly HostState[],
): Touched {
  const quiesced = steps.filter(({ change, connections }) => {
    return change !== 'remove' && connections !== undefined
  })
  const emptied = new Set(
    hosts.filter((state) => losesAll(state, steps)).map(({ host }) => host.id),
  )
  const ofEmptied = steps.filter(({ hostId }) => emptied.has(hostId))
  return {
    cut: sum(steps.map((step) => cutBy(step, hosts))),
    reset: sum(ofEmptied.map((step) => cutBy(step, hosts))),
    ending: sum(quiesced.map(({ connections }) => connections)),
  }
}

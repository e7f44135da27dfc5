import { findService } from './item-value'
import type { Plan, Step } from './plan'
import type { HostState, RunningRealServer } from './running'

/** Connections that run through what a plan changes, active ones only; `undefined` where nobody could count them. */
export type Touched = { cut: number | undefined; ending: number | undefined }

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
  return {
    cut: sum(steps.map((step) => cutBy(step, hosts))),
    ending: sum(quiesced.map(({ connections }) => connections)),
  }
}

import { itemValue } from './item-value'
import type { Plan, Step } from './plan'
import type { HostState, Running } from './running'

/** What became of one step of an apply that nobody saw to its end, by what its host says now. */
export type Recovered = {
  /** The step's id. */
  step: string
  /** `differs`: neither what it was nor what it was to be. `unread`: nobody could ask. */
  state: 'done' | 'not-done' | 'differs' | 'unread'
  now?: string
}

/** What an interrupted apply came to, by reading: of the steps that change something. */
export type Recovery = {
  state: 'applied' | 'not-applied' | 'partial' | 'unread'
  steps: readonly Recovered[]
}

const isUnread = (running: Running | undefined, { item }: Step): boolean =>
  running === undefined ||
  (running.ipvs.state === 'denied' && (item?.kind === 'service' || item?.kind === 'entry'))

/** A device that comes only with a step of the same plan had its values thought out, not read. */
const isBefore = ({ item, before }: Step, now: string | undefined): boolean =>
  now === before || (now === undefined && (item?.kind === 'link' || item?.kind === 'sysctl'))

/** What a device that was put back went away with: a module that this plan unloads, and that is not loaded now. */
function wentAway(step: Step, steps: readonly Step[], running: Running): boolean {
  if (step.item?.kind !== 'link' && step.item?.kind !== 'sysctl') return false
  return steps.some(
    ({ hostId, item, change }) =>
      hostId === step.hostId &&
      item?.kind === 'module' &&
      change === 'remove' &&
      itemValue(running, item) === undefined,
  )
}

function recoverStep(
  step: Step,
  steps: readonly Step[],
  running: Running | undefined,
): Recovered[] {
  const { id, item, after, kind } = step
  // a claim changes the ledger alone, a check or an announcement nothing that could be read
  if (item === undefined || kind === 'claim') return []
  if (running === undefined || isUnread(running, step)) return [{ step: id, state: 'unread' }]
  const now = itemValue(running, item)
  const gone = now === undefined && wentAway(step, steps, running)
  const state = now === after || gone ? 'done' : isBefore(step, now) ? 'not-done' : 'differs'
  return [{ step: id, state, ...(now === undefined ? {} : { now }) }]
}

function stateOf(steps: readonly Recovered[]): Recovery['state'] {
  const all = (state: Recovered['state']) => steps.every((each) => each.state === state)
  if (steps.some(({ state }) => state === 'unread')) return 'unread'
  if (all('done')) return 'applied'
  return all('not-done') ? 'not-applied' : 'partial'
}

/**
 * Says what an apply that was cut short came to: applied, not applied, or partial with each step's part in it. Nothing is
 * believed but what the hosts say now; a step whose value is what it was before counts as not done, whoever put it back.
 */
export function recoveryOf(plan: Pick<Plan, 'steps'>, hosts: readonly HostState[]): Recovery {
  const states = new Map(hosts.map((state) => [state.host.id, state]))
  const steps = plan.steps.flatMap((step) =>
    recoverStep(step, plan.steps, states.get(step.hostId)?.running),
  )
  return { state: stateOf(steps), steps }
}

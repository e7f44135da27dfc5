import type { Plan, Step } from './plan'
import { planAdditions } from './plan-additions'
import { type HostPlan, planFor, type World } from './plan-world'
import { planRefusals } from './refusals'
import { planRemovals } from './removals'

const basisOf = (plan: Omit<Plan, 'basis'>): string =>
  JSON.stringify([
    plan.clusterId,
    plan.steps.map(({ hostId, argv, before, after, undo }) => [hostId, argv, before, after, undo]),
    plan.refusals.map(({ hostId, why }) => [hostId, why.code]),
    plan.debts.map(({ hostId, items }) => [hostId, items]),
    plan.waiting.map(({ hostId, why }) => [hostId, why.code]),
  ])

/** Orders by the law's phases; within one, hosts by name and each host's own order kept. */
function inOrder(hosts: readonly HostPlan[]): Step[] {
  const steps = hosts.flatMap((host) => host.steps)
  return steps
    .map((step, position) => ({ step, position }))
    .sort((a, b) => {
      const byPhase = a.step.phase - b.step.phase
      const [left, right] = [a.step.hostName, b.step.hostName]
      return byPhase || (left < right ? -1 : left > right ? 1 : 0) || a.position - b.position
    })
    .map(({ step }) => step)
}

/**
 * Decides what takes the running state of a cluster's hosts to what is desired: a pure function, same input same
 * plan, whatever the order of hosts, clusters or rows. What is not in the ledger is foreign and left alone.
 */
export function planCluster(world: World): Plan {
  const planning = planFor(world)
  planAdditions(planning)
  planRemovals(planning)
  const plan = {
    clusterId: world.clusterId,
    steps: inOrder(planning.hosts),
    refusals: planRefusals(planning),
    debts: planning.debts,
    waiting: planning.waiting,
    notes: planning.notes,
    bookkeeping: planning.bookkeeping,
  }
  return { ...plan, basis: basisOf(plan) }
}

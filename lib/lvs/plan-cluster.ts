import { unaskedVips } from './arp-questions'
import { splitBulk } from './bulk'
import { isCounted } from './guard-rails'
import type { Plan, Step } from './plan'
import { planAdditions } from './plan-additions'
import { type HostPlan, planFor, type World } from './plan-world'
import { planRefusals } from './refusals'
import { planRemovals } from './removals'

const basisOf = (plan: Omit<Plan, 'basis'>): string =>
  JSON.stringify([
    plan.clusterId,
    plan.steps.map(({ hostId, argv, before, after, undo }) => [hostId, argv, before, after, undo]),
    plan.refusals.filter((each) => !isCounted(each)).map(({ hostId, why }) => [hostId, why.code]),
    plan.debts.map(({ hostId, items }) => [hostId, items]),
    plan.waiting.map(({ hostId, why }) => [hostId, why.code]),
  ])

/** Real servers up (10–19), directors up (20–29), directors down (30–39), real servers down (40–49). */
const stageOf = ({ phase }: Step): number => Math.floor(phase / 10)

/** Orders by the law's stages, in each host after host, so that a host's steps of one stage are one exchange. */
function inOrder(hosts: readonly HostPlan[]): Step[] {
  const steps = hosts.flatMap((host, place) =>
    host.steps.map((step, position) => ({ step, place, position })),
  )
  return steps
    .sort((a, b) => {
      const byStage = stageOf(a.step) - stageOf(b.step)
      const byHost = a.place - b.place // hosts are ordered by name
      return byStage || byHost || a.step.phase - b.step.phase || a.position - b.position
    })
    .map(({ step }) => step)
}

/** Cuts a plan's steps into batches: what one host is sent in one exchange; runs of adds are batches of their own. */
export function batchesOf(steps: readonly Step[]): Step[][] {
  const batches: Step[][] = []
  for (const step of steps) {
    const last = batches.at(-1)?.[0]
    const same = last?.hostId === step.hostId && stageOf(last) === stageOf(step)
    if (same) batches.at(-1)?.push(step)
    else batches.push([step])
  }
  return batches.flatMap(splitBulk)
}

/**
 * Groups batches that do not wait for each other: those of one stage, each on a host of its own. The law orders stages;
 * within one nothing on a host stands on what another gets, but a batch of a host on the one before it.
 */
export function togetherOf<B extends { steps: readonly Step[] }>(batches: readonly B[]): B[][] {
  const groups: B[][] = []
  const stage = ({ steps: [first] }: B) => (first === undefined ? undefined : stageOf(first))
  for (const batch of batches) {
    const group = groups.at(-1)
    const last = group?.at(-1)
    const waits = group?.some(({ steps: [first] }) => first?.hostId === batch.steps[0]?.hostId)
    if (last !== undefined && stage(last) === stage(batch) && waits === false) group?.push(batch)
    else groups.push([batch])
  }
  return groups
}

/**
 * Decides what takes the running state of a cluster's hosts to what is desired: a pure function, same input same
 * plan, whatever the order of hosts, clusters or rows. What is not in the ledger is foreign and left alone.
 */
export function planCluster(world: World): Plan {
  const planning = planFor(world)
  planAdditions(planning)
  planRemovals(planning)
  const steps = inOrder(planning.hosts)
  const plan = {
    clusterId: world.clusterId,
    steps,
    refusals: planRefusals(planning),
    debts: planning.debts,
    waiting: planning.waiting,
    notes: [...planning.notes, ...unaskedVips({ steps }, world)],
    bookkeeping: planning.bookkeeping,
  }
  return { ...plan, basis: basisOf(plan) }
}

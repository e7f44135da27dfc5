import type { StepView } from './step-view'

/** A step with its place in the plan: the journal, the events of an apply and the page count by it. */
export type PlacedStep = { step: StepView; position: number }

/** Steps of one host that stand together in the ordering law. */
export type StepGroup = {
  id: string
  hostId: string
  hostName: string
  steps: readonly PlacedStep[]
}

/** Phases come in tens (lib/lvs/wants.ts, removals.ts): real servers up, directors up, directors down, real servers down. */
const bandOf = ({ phase, kind }: StepView): number =>
  OF_FILES.has(kind) ? 5 : Math.floor(phase / 10)

/** Hosts do not wait for each other's files, so those of one stand together (lib/lvs/file-steps.ts). */
const OF_FILES: ReadonlySet<StepView['kind']> = new Set(['file', 'unit', 'reload', 'sync'])

/**
 * Groups a plan's steps by host without breaking the ordering law: a host that is touched before and after another one
 * comes twice. Steps of several hosts in one band do not depend on each other, so each host keeps its own together.
 */
export function groupSteps(steps: readonly StepView[]): StepGroup[] {
  const groups = new Map<string, StepGroup & { steps: PlacedStep[] }>()
  for (const [position, step] of steps.entries()) {
    const { hostId, hostName } = step
    const id = `${bandOf(step)} ${hostId}`
    const group = groups.get(id) ?? { id, hostId, hostName, steps: [] }
    group.steps.push({ step, position })
    groups.set(id, group)
  }
  return [...groups.values()]
}

/** Tells what differs between two plans for one cluster, by step: what a person must look at again. */
export function movedSteps(
  before: readonly StepView[],
  now: readonly StepView[],
): { gone: StepView[]; added: StepView[] } {
  const nameOf = ({ id, argv, before: from, diff }: StepView) =>
    JSON.stringify([id, argv, from, diff])
  const [old, fresh] = [new Set(before.map(nameOf)), new Set(now.map(nameOf))]
  return {
    gone: before.filter((step) => !fresh.has(nameOf(step))),
    added: now.filter((step) => !old.has(nameOf(step))),
  }
}

import { readPlan } from '@/app/_components/read-plan'
import { blastRadius } from '@/lib/lvs/blast-radius'
import type { Planned } from '@/lib/ops/plan-now'
import { readUndo } from './read-undo'

/** Makes what the browser needs of a plan that is made now. */
export function toPlanView(planned: Planned, undo?: Awaited<ReturnType<typeof readUndo>>) {
  const { plan, fingerprint, desiredVersion, readAt, readMs, hosts, foreign, desired } = planned
  return {
    // the basis is the whole plan once more, as text: the fingerprint stands for it
    ...{ plan: { ...plan, basis: '' }, fingerprint, readMs, foreign, version: desiredVersion },
    ...{ readAt: readAt.getTime(), undo },
    hostNames: Object.fromEntries(hosts.map(({ host }) => [host.id, host.name])),
    radius: blastRadius(plan, hosts, desired?.services.map(({ key }) => key) ?? []),
  }
}

export type PlanView = ReturnType<typeof toPlanView>

/** Reads what the browser needs of a cluster's plan. */
export async function readPlanView(clusterId: string, skipChecks: boolean): Promise<PlanView> {
  const planned = await readPlan(clusterId, skipChecks)
  return toPlanView(planned, await readUndo(clusterId, planned.plan))
}

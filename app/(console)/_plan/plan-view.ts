import { readPlan } from '@/app/_components/read-plan'
import { touchedConnections } from '@/lib/lvs/touched-connections'
import type { Planned } from '@/lib/ops/plan-now'

/** Makes what the browser needs of a plan that is made now. */
export function toPlanView(planned: Planned) {
  const { plan, fingerprint, desiredVersion, readAt, readMs, hosts, foreign } = planned
  return {
    ...{ plan, fingerprint, readMs, foreign, version: desiredVersion },
    readAt: readAt.getTime(),
    hostNames: Object.fromEntries(hosts.map(({ host }) => [host.id, host.name])),
    touched: touchedConnections(plan, hosts),
  }
}

export type PlanView = ReturnType<typeof toPlanView>

/** Reads what the browser needs of a cluster's plan. */
export async function readPlanView(clusterId: string, skipChecks: boolean): Promise<PlanView> {
  return toPlanView(await readPlan(clusterId, skipChecks))
}

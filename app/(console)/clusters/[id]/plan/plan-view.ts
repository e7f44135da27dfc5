import { readPlan } from '@/app/_components/read-plan'
import { touchedConnections } from '@/lib/lvs/touched-connections'

/** Reads what the browser needs of a plan that is made now. */
export async function readPlanView(clusterId: string, skipChecks: boolean) {
  const planned = await readPlan(clusterId, skipChecks)
  const { plan, fingerprint, readAt, readMs, hosts, foreign } = planned
  return {
    ...{ plan, fingerprint, readMs, foreign },
    readAt: readAt.getTime(),
    hostNames: Object.fromEntries(hosts.map(({ host }) => [host.id, host.name])),
    touched: touchedConnections(plan, hosts),
  }
}

export type PlanView = Awaited<ReturnType<typeof readPlanView>>

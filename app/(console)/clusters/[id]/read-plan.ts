import { cache } from 'react'
import { touchedConnections } from '@/lib/lvs/touched-connections'
import { planNow } from '@/lib/ops/plan-now'

/** Plans a cluster once per request, however many parts of the page ask: it reads every host. */
export const readPlan = cache((clusterId: string, skipChecks: boolean) =>
  planNow(clusterId, { skipChecks }),
)

/** What the browser needs of a plan that was made now. */
export async function readPlanView(clusterId: string, skipChecks: boolean) {
  const { plan, fingerprint, readAt, readMs, hosts, foreign } = await readPlan(
    clusterId,
    skipChecks,
  )
  return {
    plan,
    fingerprint,
    readAt: readAt.getTime(),
    readMs,
    foreign,
    hostNames: Object.fromEntries(hosts.map(({ host }) => [host.id, host.name])),
    touched: touchedConnections(plan, hosts),
  }
}

export type PlanView = Awaited<ReturnType<typeof readPlanView>>

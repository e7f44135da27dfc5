import { cache } from 'react'
import { planNow } from '@/lib/ops/plan-now'

/** Plans a cluster once per request, however many parts of a page ask: it reads every host. */
export const readPlan = cache((clusterId: string, skipChecks: boolean) =>
  planNow(clusterId, { skipChecks }),
)

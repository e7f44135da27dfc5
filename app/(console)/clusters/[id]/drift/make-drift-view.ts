import type { Drift } from '@/lib/db/drift'
import { whyNotIgnorable } from '@/lib/lvs/drift'
import { whyNotTakeable } from '@/lib/lvs/take-theirs'
import type { DriftView } from './drift-view'

/** Makes what the page shows of a drift. */
export function driftView(drift: Drift, host: string): DriftView {
  const { hostId, clusterId, itemId, kind, desired, running, saved, since, ignored } = drift
  const [notTakeable, notIgnorable] = [whyNotTakeable(drift), whyNotIgnorable(drift)]
  return {
    ...{ hostId, clusterId, itemId, host, kind, since: since.getTime() },
    ...(desired !== undefined && { desired }),
    ...(running !== undefined && { running }),
    ...(saved !== undefined && { saved }),
    ...(ignored !== undefined && {
      ignored: { by: ignored.by.name, why: ignored.why, at: ignored.at.getTime() },
    }),
    ...(notTakeable !== undefined && { notTakeable }),
    ...(notIgnorable !== undefined && { notIgnorable }),
  }
}

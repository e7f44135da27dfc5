import { useItemWords } from '@/app/_components/said-values'
import type { DriftKind, NotIgnorable } from '@/lib/lvs/drift'
import type { NotTakeable } from '@/lib/lvs/take-theirs'

/** A drift as the page shows it. */
export type DriftView = {
  hostId: string
  clusterId: string
  itemId: string
  host: string
  kind: DriftKind
  desired?: string
  running?: string
  saved?: string
  since: number
  ignored?: { by: string; why: string; at: number }
  notTakeable?: NotTakeable
  notIgnorable?: NotIgnorable
}

/** Writes drifts as an action wants them: as they were seen. */
export const seenOf = (drifts: readonly DriftView[]): string =>
  JSON.stringify(
    drifts.map(({ hostId, itemId, clusterId, running }) => ({
      hostId,
      itemId,
      clusterId,
      running,
    })),
  )

/** Gives the function that names a drifted item with its host. */
export function useDriftName(): (drift: DriftView) => string {
  const words = useItemWords()
  return ({ host, itemId }) => `${host}: ${words(itemId)}`
}

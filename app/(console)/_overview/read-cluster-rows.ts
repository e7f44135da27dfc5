import { type ClusterWithState, readClusters } from '@/app/_components/read-clusters'
import { readSavedState } from '@/app/_components/read-saved'
import type { SavedState } from '@/app/_components/saved-state'

export type ClusterRow = ClusterWithState & { saved: SavedState }

/** Reads every cluster with its state, and whether a reboot would bring it back. */
export async function readClusterRows(): Promise<ClusterRow[]> {
  const withSaved = async (row: ClusterWithState): Promise<ClusterRow> => {
    const saved = await readSavedState(row.cluster.desired.id)
    return { ...row, saved }
  }
  return Promise.all((await readClusters()).map(withSaved))
}

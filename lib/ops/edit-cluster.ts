import { updateCluster } from '@/lib/db/clusters'
import type { ClusterEdit, ClusterTarget } from '@/lib/lvs/cluster-form'
import { changeDesired } from './change-desired'
import type { Context } from './context'
import { checkClusterName } from './create-cluster'

/** Changes the name and options of a cluster in desired, and returns the new desired version. */
export async function editCluster(
  context: Context,
  target: ClusterTarget,
  edit: ClusterEdit,
): Promise<number> {
  return changeDesired(context, target, 'edit-cluster', async (tx, cluster) => {
    await checkClusterName(tx, edit.name, cluster.id)
    await updateCluster(tx, cluster.id, edit)
    return { what: edit.name, ...edit.options }
  })
}

import { clusterEditSchema, clusterTarget } from '@/lib/lvs/cluster-form'

/** Name and options of a cluster, and the version that they were changed from. */
export const settingsSchema = clusterEditSchema.extend(clusterTarget)

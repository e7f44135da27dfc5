import { z } from 'zod'
import { clusterTarget } from '@/lib/lvs/cluster-form'
import { idField, integerField, listField, nameField } from '@/lib/lvs/form'
import { realServerConfigSchema, realServerFormSchema } from '@/lib/lvs/real-server-form'

/** A new real server, behind one or several virtual services; its fields have the names that the op finds wrong. */
export const newRealServerSchema = z.intersection(
  z.object({
    ...clusterTarget,
    serviceIds: listField(idField).refine((ids) => ids.length > 0, 'required'),
  }),
  realServerFormSchema,
)

/** Which real servers, each by its id in the service that it stands behind. */
export const realServersSchema = z.object({ ...clusterTarget, realServerIds: listField(idField) })

export const editRealServerSchema = realServersSchema.extend({
  name: nameField,
  config: realServerConfigSchema,
})

export const weightSchema = realServersSchema.extend({
  weight: integerField(0, 65535, 'weight.invalid'),
})

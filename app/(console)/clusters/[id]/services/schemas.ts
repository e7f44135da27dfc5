import { z } from 'zod'
import { clusterTarget } from '@/lib/lvs/cluster-form'
import { idField } from '@/lib/lvs/form'
import { realServerFormSchema } from '@/lib/lvs/real-server-form'
import { serviceFormSchema } from '@/lib/lvs/service-form'

/** A new virtual service with its real servers. */
export const newServiceSchema = z.object({
  ...clusterTarget,
  service: serviceFormSchema,
  realServers: z.preprocess((rows) => rows ?? [], z.array(realServerFormSchema)),
})

export const serviceTargetSchema = z.object({ ...clusterTarget, serviceId: idField })

/** A virtual service as changed; its key is sent along, and must be the one that it has. */
export const editServiceSchema = z.object({
  ...clusterTarget,
  serviceId: idField,
  service: serviceFormSchema,
})

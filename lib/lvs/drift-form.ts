import { z } from 'zod'
import { clusterTarget } from './cluster-form'
import { idField } from './form'

const seen = z.array(
  z.object({
    hostId: z.string(),
    itemId: z.string(),
    clusterId: z.string(),
    running: z.string().exactOptional(),
  }),
)

/** Drifts as a person saw them, as JSON in one field: an item may hold any character but a control one. */
const drifts = z.string({ error: 'required' }).transform((text, context) => {
  try {
    return seen.parse(JSON.parse(text))
  } catch {
    context.addIssue({ code: 'custom', message: 'required' })
    return z.NEVER
  }
})

/** Taking what runs as desired. */
export const takeTheirsSchema = z.object({ ...clusterTarget, drifts })

/** Taking up again what was set aside. */
export const stopIgnoringSchema = z.object({ clusterId: idField, drifts })

/** Setting drift aside: nobody may do so without saying why. */
export const ignoreDriftSchema = z.object({
  ...{ clusterId: idField, drifts },
  why: z
    .string({ error: 'ignore-why.required' })
    .trim()
    .min(1, 'ignore-why.required')
    .max(200, 'ignore-why.too-long'),
})

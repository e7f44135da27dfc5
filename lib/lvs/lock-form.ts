import { z } from 'zod'
import { idField, integerField } from './form'

/** Which lock a person breaks, under which generation he saw it, and why: nobody else can say that later. */
export const lockFormSchema = z.object({
  hostId: idField,
  generation: integerField(1, 2147483647, 'required'),
  why: z
    .string({ error: 'break-reason.required' })
    .trim()
    .min(1, 'break-reason.required')
    .max(200, 'break-reason.too-long')
    .regex(/^[^\p{Cc}\p{Cf}]*$/u, 'name.invalid'),
})
export type LockForm = z.output<typeof lockFormSchema>

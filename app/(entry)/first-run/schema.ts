import { z } from 'zod'
import { newPassword } from '@/app/new-password'
import { nameField } from '@/lib/lvs/form'

/** The first administrator, as the form and the action read it. */
export const firstRunSchema = z
  .object({
    name: nameField,
    email: z.email({ error: 'email.invalid' }),
    password: newPassword,
    repeat: z.string({ error: 'required' }),
  })
  .refine(({ password, repeat }) => password === repeat, {
    path: ['repeat'],
    error: 'password.different',
  })

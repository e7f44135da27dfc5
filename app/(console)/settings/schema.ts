import { z } from 'zod'
import { LOCALES } from '@/app/_i18n/locales'
import { newPassword } from '@/app/new-password'
import { THEMES } from '@/app/theme'
import { nameField } from '@/lib/lvs/form'

export const appearanceSchema = z.object({
  theme: z.enum(THEMES, { error: 'required' }),
  locale: z.enum(LOCALES, { error: 'required' }),
})

export const nameSchema = z.object({ name: nameField })

export const passwordSchema = z
  .object({
    current: z.string({ error: 'required' }).min(1, 'password.required'),
    next: newPassword,
    repeat: z.string({ error: 'required' }),
  })
  .refine(({ next, repeat }) => next === repeat, { path: ['repeat'], error: 'password.different' })

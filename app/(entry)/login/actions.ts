'use server'

import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { openAction } from '@/app/action'
import { isOwnPath, paths } from '@/app/paths'
import { logIn } from '@/lib/auth/account'

const schema = z.object({
  email: z.string({ error: 'required' }).trim().min(1, 'required'),
  password: z.string({ error: 'required' }).min(1, 'password.required'),
  next: z.string().optional(),
})

export const logInAction = openAction({ schema, secrets: ['password'] }, async (input) => {
  await logIn(input, await headers())
  redirect(isOwnPath(input.next) ? input.next : paths.overview)
})

'use server'

import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { action } from '@/app/action'
import { paths } from '@/app/paths'
import { logOut } from '@/lib/auth/account'

export const logOutAction = action({ role: 'viewer', schema: z.object({}) }, async () => {
  await logOut(await headers())
  redirect(paths.login())
})

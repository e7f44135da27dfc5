'use server'

import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { openAction } from '@/app/action'
import { paths } from '@/app/paths'
import { logIn } from '@/lib/auth/account'
import { createFirstAdministrator } from '@/lib/auth/first-run'
import { firstRunSchema } from './schema'

const secrets = ['password', 'repeat']

export const createAdministrator = openAction(
  { schema: firstRunSchema, secrets },
  async (input) => {
    await createFirstAdministrator(input, new Date())
    await logIn(input, await headers())
    redirect(paths.overview)
  },
)

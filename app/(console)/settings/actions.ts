'use server'

import { cookies, headers } from 'next/headers'
import { LOCALE_COOKIE } from '@/app/_i18n/locales'
import { action } from '@/app/action'
import { THEME_COOKIE } from '@/app/theme'
import { changeName, changePassword } from '@/lib/auth/account'
import { isSecure } from '@/lib/auth/cookie'
import { appearanceSchema, nameSchema, passwordSchema } from './schema'

/** A year: a theme does not end with the session. */
const FOR_A_YEAR = { maxAge: 365 * 86_400, sameSite: 'lax', path: '/' } as const

export const saveAppearance = action(
  { role: 'viewer', schema: appearanceSchema },
  async ({ theme, locale }) => {
    const store = await cookies()
    const options = { ...FOR_A_YEAR, secure: isSecure() }
    store.set(THEME_COOKIE, theme, options)
    store.set(LOCALE_COOKIE, locale, options)
  },
)

export const saveName = action({ role: 'viewer', schema: nameSchema }, async ({ name }) =>
  changeName(name, await headers()),
)

export const savePassword = action(
  { role: 'viewer', schema: passwordSchema, secrets: ['current', 'next', 'repeat'] },
  async (input) => changePassword(input, await headers()),
)

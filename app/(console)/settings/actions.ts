'use server'

import { headers } from 'next/headers'
import { LOCALE_COOKIE } from '@/app/_i18n/locales'
import { action } from '@/app/action'
import { contextOf } from '@/app/op-context'
import { setPreference } from '@/app/set-preference'
import { THEME_COOKIE } from '@/app/theme'
import { changeName, changePassword } from '@/lib/auth/account'
import { radarFormSchema } from '@/lib/lvs/radar-form'
import { editRadar } from '@/lib/ops/radar-settings'
import { appearanceSchema, nameSchema, passwordSchema } from './schema'

export const saveAppearance = action(
  { role: 'viewer', schema: appearanceSchema },
  async ({ theme, locale }) => {
    await setPreference(THEME_COOKIE, theme)
    await setPreference(LOCALE_COOKIE, locale)
  },
)

export const saveName = action({ role: 'viewer', schema: nameSchema }, async ({ name }) =>
  changeName(name, await headers()),
)

export const savePassword = action(
  { role: 'viewer', schema: passwordSchema, secrets: ['current', 'next', 'repeat'] },
  async (input) => changePassword(input, await headers()),
)

export const saveRadar = action(
  { role: 'operator', schema: radarFormSchema },
  async (form, session) => editRadar(contextOf(session), form),
)

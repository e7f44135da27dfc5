'use server'

import { z } from 'zod'
import { LOCALE_COOKIE, LOCALES } from '@/app/_i18n/locales'
import { openAction } from '@/app/action'
import { setPreference } from '@/app/set-preference'

const schema = z.object({ locale: z.enum(LOCALES, { error: 'required' }) })

export const chooseLanguage = openAction({ schema }, ({ locale }) =>
  setPreference(LOCALE_COOKIE, locale),
)

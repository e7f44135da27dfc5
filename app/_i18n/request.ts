import { cookies, headers } from 'next/headers'
import { getRequestConfig } from 'next-intl/server'
import { isLocale, LOCALE_COOKIE, negotiateLocale } from './locales'
import { MESSAGES } from './messages'

/** The language of a request: the cookie that a person has set, then what the browser asks for. */
export default getRequestConfig(async () => {
  const chosen = (await cookies()).get(LOCALE_COOKIE)?.value
  const asked = (await headers()).get('accept-language') ?? undefined
  const locale = isLocale(chosen) ? chosen : negotiateLocale(asked)
  // Times are drawn in UTC by the server, and in the reader's zone by the browser (_ui/age.tsx).
  return { locale, messages: MESSAGES[locale], timeZone: 'UTC' }
})

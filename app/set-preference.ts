import { cookies } from 'next/headers'
import { isSecure } from '@/lib/auth/cookie'

const YEAR_SECONDS = 365 * 86_400

/** Keeps a choice of this browser, like its theme: it does not end with the session. */
export async function setPreference(name: string, value: string): Promise<void> {
  const store = await cookies()
  store.set(name, value, {
    ...{ maxAge: YEAR_SECONDS, sameSite: 'lax', path: '/' },
    secure: isSecure(),
  })
}

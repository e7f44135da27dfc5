import { APIError } from 'better-auth/api'
import { Conflict, InvalidInput } from '@/lib/errors'
import { auth } from './auth'

function isRefusal(error: unknown, code: string): error is APIError {
  return error instanceof APIError && error.body?.code === code
}

/** Minutes, because nobody counts 173 seconds; at least one. */
function minutesOf(ms: unknown): number {
  return typeof ms === 'number' ? Math.max(1, Math.ceil(ms / 60_000)) : 1
}

/**
 * Logs in and sets the cookie of the response. Throws Conflict `login-refused` (whichever of the two is wrong) or
 * `login-paused` (minutes).
 */
export async function logIn(
  { email, password }: { email: string; password: string },
  headers: Headers,
): Promise<void> {
  try {
    await auth().api.signInEmail({ body: { email, password }, headers })
  } catch (error) {
    if (isRefusal(error, 'LOGIN_PAUSED'))
      throw new Conflict('login-paused', { minutes: minutesOf(error.body?.retryAfterMs) })
    if (error instanceof APIError) throw new Conflict('login-refused', {}, { cause: error })
    throw error
  }
}

/** Ends the session of a request, in the database too, and clears its cookie. */
export async function logOut(headers: Headers): Promise<void> {
  await auth().api.signOut({ headers })
}

/** Changes the password of whoever is logged in, and logs his other browsers out. */
export async function changePassword(
  { current, next }: { current: string; next: string },
  headers: Headers,
): Promise<void> {
  const body = { currentPassword: current, newPassword: next, revokeOtherSessions: true }
  try {
    await auth().api.changePassword({ body, headers })
  } catch (error) {
    if (isRefusal(error, 'INVALID_PASSWORD'))
      throw new InvalidInput({ current: 'password.wrong' }, 'password-wrong')
    throw error
  }
}

/** Changes the name of whoever is logged in. */
export async function changeName(name: string, headers: Headers): Promise<void> {
  await auth().api.updateUser({ body: { name }, headers })
}

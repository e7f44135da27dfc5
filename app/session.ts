import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import { isFirstRun } from '@/lib/auth/first-run'
import { type Role, reaches } from '@/lib/auth/roles'
import { readSession, type Session } from '@/lib/auth/session'
import { paths } from './paths'

/** Reads who is logged in, once per request. */
export const getSession = cache(
  async (): Promise<Session | undefined> => readSession(await headers()),
)

/**
 * Gives the session, in every page: without one it leads to the login (or the first run), with too low a role to a
 * page that says so. The proxy only leads earlier; this is what decides.
 */
export async function requireSession(role: Role = 'viewer'): Promise<Session> {
  const session = await getSession()
  if (session === undefined) redirect((await isFirstRun()) ? paths.firstRun : paths.login())
  if (!reaches(session.user.role, role)) redirect(paths.denied(role))
  return session
}

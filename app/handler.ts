import type { NextRequest } from 'next/server'
import { type Role, reaches } from '@/lib/auth/roles'
import { readSession, type Session } from '@/lib/auth/session'
import { TunboardError, type TunboardErrorCode } from '@/lib/errors'
import { log } from '@/lib/log'

/** How each failure is said in HTTP (RFC 9110); the body says the rest. */
const STATUS: Record<TunboardErrorCode, number> = {
  InvalidInput: 422,
  NotFound: 404,
  Conflict: 409,
  Unreachable: 502,
  CommandFailed: 502,
  Unreadable: 502,
  NotVerified: 409,
}

function refuse(status: number, reason: string): Response {
  return Response.json({ reason }, { status })
}

/** Makes a route handler: session → role → run → response. Without a session it answers 401 and nothing else. */
export function handler<Params>(
  role: Role,
  run: (request: NextRequest, params: Params, session: Session) => Promise<Response>,
): (request: NextRequest, context: { params: Promise<Params> }) => Promise<Response> {
  return async (request, { params }) => {
    const session = await readSession(request.headers)
    if (session === undefined) return refuse(401, 'not-logged-in')
    if (!reaches(session.user.role, role)) return refuse(403, 'role-too-low')
    try {
      return await run(request, await params, session)
    } catch (error) {
      if (error instanceof TunboardError)
        return Response.json(error.toFailure(), { status: STATUS[error.code] })
      log.error('A route made a mistake.', { path: request.nextUrl.pathname, error })
      return refuse(500, 'unexpected')
    }
  }
}

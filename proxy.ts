import { randomBytes } from 'node:crypto'
import { type NextRequest, NextResponse } from 'next/server'
import { paths } from './app/paths'
import { cookiePrefix, isSecure } from './lib/auth/cookie'
import { env } from './lib/env'

/** What answers without a session; everything else is asked for one, here early and in each page for good. */
const OPEN = [paths.login(), paths.firstRun, paths.health]

function isOpen(path: string): boolean {
  return OPEN.includes(path) || path.startsWith(`${paths.auth}/`)
}

function hasSessionCookie(request: NextRequest): boolean {
  return request.cookies
    .getAll()
    .some(({ name }) => name.endsWith(`${cookiePrefix()}.session_token`))
}

/** Scripts run only with the nonce of this response; React's and Base UI's style attributes need 'unsafe-inline'. */
function contentSecurityPolicy(nonce: string): string {
  const isDevelopment = !env().isProduction
  const policy = {
    'default-src': "'self'",
    // Next's development build compiles with eval, and has scripts of its own.
    'script-src': `'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ''}`,
    'style-src': "'self' 'unsafe-inline'",
    'img-src': "'self' data:",
    'font-src': "'self'",
    'connect-src': `'self'${isDevelopment ? ' ws:' : ''}`,
    'object-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
    ...(isSecure() && { 'upgrade-insecure-requests': '' }),
  }
  return Object.entries(policy)
    .map(([name, value]) => `${name} ${value}`.trim())
    .join('; ')
}

/** Sets the Content-Security-Policy, and leads who has no session to the login before anything is drawn. */
export function proxy(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl
  if (!isOpen(pathname) && !hasSessionCookie(request)) {
    if (pathname.startsWith('/api/'))
      return NextResponse.json({ reason: 'not-logged-in' }, { status: 401 })
    return NextResponse.redirect(new URL(paths.login(`${pathname}${search}`), request.url))
  }
  const policy = contentSecurityPolicy(randomBytes(16).toString('base64'))
  const headers = new Headers(request.headers)
  // Next reads the nonce from this header of the request and puts it on its scripts.
  headers.set('content-security-policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  return response
}

export const config = {
  // Static files need no session and no policy.
  matcher: ['/((?!_next/static|_next/image|favicon.ico|icon.svg|apple-icon.png).*)'],
}

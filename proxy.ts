import { type NextRequest, NextResponse } from 'next/server'
import { env } from '@/lib/env'

/**
 * Only scripts that carry this request's nonce run, so that text read from a host cannot become one. Styles are
 * 'unsafe-inline', because positioned pop-ups and charts set style attributes. Nothing is loaded from other machines.
 */
function contentSecurityPolicy(nonce: string): string {
  // React's development build evaluates strings to show server stacks.
  const development = env().isProduction ? '' : " 'unsafe-eval'"
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

export function proxy(request: NextRequest): NextResponse {
  const policy = contentSecurityPolicy(crypto.randomUUID().replaceAll('-', ''))
  const headers = new Headers(request.headers)
  // Next reads the nonce from here and puts it on its own scripts.
  headers.set('Content-Security-Policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('Content-Security-Policy', policy)
  return response
}

export const config = { matcher: ['/((?!_next/static|_next/image).*)'] }

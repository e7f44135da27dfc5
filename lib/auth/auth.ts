import { betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { APIError, createAuthMiddleware } from 'better-auth/api'
import { nextCookies } from 'better-auth/next-js'
import { database } from '@/lib/db/client'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import { authSecret } from '@/lib/secret-key'
import { cookiePrefix, isSecure } from './cookie'
import { LoginLimit } from './login-limit'

/** Shorter ones are guessed offline within days from a stolen database. */
export const PASSWORD_MIN = 12
/** A bound on the work that one attempt can cost us. */
export const PASSWORD_MAX = 128

const LOGIN = '/sign-in/email'

/** A body is whatever was sent. */
function emailOf(body: unknown): string {
  const hasEmail = typeof body === 'object' && body !== null && 'email' in body
  return hasEmail && typeof body.email === 'string' ? body.email : ''
}

/** The client's address as far as anybody knows: set by Next from the socket, or by the proxy in front. */
function addressOf(headers: Headers | undefined): string {
  return headers?.get('x-forwarded-for')?.split(',')[0]?.trim() ?? 'unknown'
}

/** The pages, a script and a terminal meet the same limit: better-auth's own spares calls from the server. */
function loginLimitHooks() {
  const limit = new LoginLimit()
  return {
    before: createAuthMiddleware(async (context) => {
      if (context.path !== LOGIN) return
      const wait = limit.waitMs(emailOf(context.body), addressOf(context.headers), Date.now())
      if (wait > 0)
        throw new APIError('TOO_MANY_REQUESTS', { code: 'LOGIN_PAUSED', retryAfterMs: wait })
    }),
    after: createAuthMiddleware(async (context) => {
      if (context.path !== LOGIN) return
      const [email, address] = [emailOf(context.body), addressOf(context.headers)]
      const isFailure = context.context.returned instanceof APIError
      if (!isFailure) return limit.succeed(email, address)
      limit.fail(email, address, Date.now())
      log.warn('A login was refused.', { email, address })
    }),
  }
}

function makeAuth() {
  const { publicUrl, port } = env()
  return betterAuth({
    appName: 'Tunboard',
    baseURL: publicUrl,
    secret: authSecret(),
    trustedOrigins: [publicUrl, `http://localhost:${port}`, `http://127.0.0.1:${port}`],
    database: prismaAdapter(database(), { provider: 'sqlite' }),
    // Accounts are made by first-run.ts, and later by an administrator: never by whoever asks.
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_MIN,
      maxPasswordLength: PASSWORD_MAX,
    },
    user: {
      additionalFields: {
        role: { type: 'string', required: true, defaultValue: 'viewer', input: false },
      },
    },
    // A week without a login; used daily, it is renewed.
    session: { expiresIn: 7 * 86_400, updateAge: 86_400 },
    rateLimit: { enabled: true, storage: 'memory', window: 60, max: 100 },
    advanced: {
      useSecureCookies: isSecure(),
      cookiePrefix: cookiePrefix(),
      // Said, because better-auth drops the check where NODE_ENV is `test`, and ours must see it.
      disableOriginCheck: false,
    },
    hooks: loginLimitHooks(),
    // Its warnings double what our hooks log; what it calls errors are refused requests (a foreign origin).
    logger: { level: 'error', log: (_, message) => log.warn(`better-auth: ${message}`) },
    telemetry: { enabled: false },
    plugins: [nextCookies()],
  })
}

type Auth = ReturnType<typeof makeAuth>

declare global {
  var tunboardAuth: Auth | undefined
}

/** Returns the one better-auth of this process; the limit of logins lives in it. */
export function auth(): Auth {
  globalThis.tunboardAuth ??= makeAuth()
  return globalThis.tunboardAuth
}

import { resolve } from 'node:path'
import { z } from 'zod'
import { Secret } from './secret'

/** The settings of one Tunboard, read from the environment. The names and defaults are in README.md. */
export type Env = {
  dataDir: string
  databaseUrl: string
  databaseAuthToken: Secret | undefined
  host: string
  port: number
  publicUrl: string
  secretKey: Secret | undefined
  /** Where the ssh-agent of whoever started Tunboard listens; ssh-agent(1) sets it. */
  sshAuthSock: string | undefined
  logLevel: 'debug' | 'info' | 'warn' | 'error'
  logFormat: 'json' | 'text' | undefined
  isProduction: boolean
}

const secret = (text: z.ZodString) =>
  text.optional().transform((value) => (value === undefined ? undefined : new Secret(value)))

const schema = z.object({
  DATA_DIR: z.string().default('./data'),
  DATABASE_URL: z
    .string()
    .regex(/^(file:|libsql:|https?:|wss?:)/, 'must begin with file:, libsql: or http:')
    .optional(),
  DATABASE_AUTH_TOKEN: secret(z.string()),
  HOST: z.string().default('127.0.0.1'),
  PORT: z
    .string()
    .default('3000')
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535, {
      error: 'must be a number from 1 to 65535',
    })
    .transform(Number),
  PUBLIC_URL: z
    .string()
    .regex(/^https?:\/\/[^/]+$/, 'must be an address like https://tunboard.example.org, no path')
    .optional(),
  // 32 characters: what `openssl rand -base64 24` prints. Shorter ones can be guessed.
  TUNBOARD_SECRET_KEY: secret(z.string().min(32, 'must have at least 32 characters')),
  SSH_AUTH_SOCK: z.string().optional(),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error'], { error: 'must be debug, info, warn or error' })
    .default('info'),
  LOG_FORMAT: z.enum(['json', 'text'], { error: 'must be json or text' }).optional(),
  NODE_ENV: z.string().optional(),
})

/** Thrown by `parseEnv`: one sentence per setting that does not fit. A person at a terminal reads it. */
export class BadEnv extends Error {
  override readonly name = 'BadEnv'
}

/** Parses the settings; an empty variable counts as unset. Throws BadEnv, naming every bad one, never its value. */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))
  const result = schema.safeParse(given)
  if (!result.success) {
    const sentences = result.error.issues.map(
      (issue) => `The environment variable ${issue.path.join('.')} ${issue.message}.`,
    )
    throw new BadEnv(sentences.join('\n'))
  }
  const it = result.data
  const dataDir = resolve(it.DATA_DIR)
  return {
    dataDir,
    databaseUrl: it.DATABASE_URL ?? `file:${dataDir}/tunboard.db`,
    databaseAuthToken: it.DATABASE_AUTH_TOKEN,
    host: it.HOST,
    port: it.PORT,
    publicUrl: it.PUBLIC_URL ?? `http://${urlHost(it.HOST)}:${it.PORT}`,
    secretKey: it.TUNBOARD_SECRET_KEY,
    sshAuthSock: it.SSH_AUTH_SOCK,
    logLevel: it.LOG_LEVEL,
    logFormat: it.LOG_FORMAT,
    isProduction: it.NODE_ENV === 'production',
  }
}

/** A browser cannot open 0.0.0.0, and an IPv6 address needs brackets. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

let cached: Env | undefined

/** Reads the settings of this process, once: the only place that looks at process.env. */
export function env(): Env {
  cached ??= parseEnv(process.env)
  return cached
}

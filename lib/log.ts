import { inspect } from 'node:util'
import { env } from './env'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
export type LogFields = Record<string, unknown>

const RANK: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 }

/** Formats one entry as a line of JSON, for whatever collects logs. Secrets print as [redacted] by themselves. */
export function formatJson(level: LogLevel, message: string, fields: LogFields, at: Date): string {
  const printable = Object.fromEntries(Object.entries(fields).map(([k, v]) => [k, toPlain(v)]))
  return JSON.stringify({ at: at.toISOString(), level, message, ...printable })
}

/** Formats one entry for a person at a terminal. */
export function formatText(level: LogLevel, message: string, fields: LogFields, at: Date): string {
  const pairs = Object.entries(fields).map(([key, value]) => `${key}=${show(value)}`)
  return [at.toISOString().slice(11, 19), level.padEnd(5), message, ...pairs].join(' ')
}

/** An Error has no enumerable properties: JSON would print {}. */
function toPlain(value: unknown): unknown {
  if (value instanceof Error) return value.stack ?? String(value)
  return typeof value === 'bigint' ? String(value) : value
}

function show(value: unknown): string {
  if (value instanceof Error) return value.stack ?? String(value)
  return typeof value === 'string' ? value : inspect(value, { breakLength: Infinity, depth: 4 })
}

function write(level: LogLevel, message: string, fields: LogFields): void {
  const { logLevel, logFormat } = env()
  if (RANK[level] < RANK[logLevel]) return
  const isText = (logFormat ?? (process.stderr.isTTY ? 'text' : 'json')) === 'text'
  const format = isText ? formatText : formatJson
  process.stderr.write(`${format(level, message, fields, new Date())}\n`)
}

/** Writes to stderr: a sentence that says what happened, and what it is about as fields (`{ host, error }`). */
export const log = {
  debug: (message: string, fields: LogFields = {}) => write('debug', message, fields),
  info: (message: string, fields: LogFields = {}) => write('info', message, fields),
  warn: (message: string, fields: LogFields = {}) => write('warn', message, fields),
  error: (message: string, fields: LogFields = {}) => write('error', message, fields),
}

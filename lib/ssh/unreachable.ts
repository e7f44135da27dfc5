import { Unreachable, type UnreachableStage } from '@/lib/errors'

/** What ssh2 and Node attach to an error; its text is never looked at. */
type SshError = Error & { level?: unknown; code?: unknown }

const DNS_CODES = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NONAME', 'EAI_NODATA', 'ENODATA'])
/** The connection was there and went away. */
const CLOSED_CODES = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED'])

function stageOf({ level, code }: SshError): UnreachableStage {
  const name = typeof code === 'string' ? code : ''
  if (level === 'client-dns' || DNS_CODES.has(name)) return 'dns'
  if (level === 'client-timeout') return 'timeout'
  if (level === 'handshake') return 'handshake'
  if (level === 'client-authentication' || level === 'agent') return 'auth'
  if (CLOSED_CODES.has(name)) return 'closed'
  if (level === 'client-socket') return name === 'ETIMEDOUT' ? 'timeout' : 'tcp'
  return 'closed'
}

/** Turns what ssh2 or a socket reports into an Unreachable, by its `level` and `code`, never by its text. */
export function unreachableFrom(error: SshError, host: string): Unreachable {
  if (error instanceof Unreachable) return error
  const code = typeof error.code === 'string' ? { code: error.code } : {}
  return new Unreachable(stageOf(error), { host, ...code }, { cause: error })
}

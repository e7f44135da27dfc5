import { canonical } from './address'

/** Thrown where ipvsadm itself gives up: `fatal` ends the process, else only this line of `-R` is skipped. */
export class Refused extends Error {
  readonly exit: number
  readonly fatal: boolean

  constructor(exit: number, line: string, fatal = true) {
    super(line)
    this.exit = exit
    this.fatal = fatal
  }
}

export const TRY_HELP = "Try `ipvsadm -h' or 'ipvsadm --help' for more information."

export type Request = { command: string; options: Map<string, string>; rest: string[] }

/** Does what `string_to_number` does: decimal digits within bounds. */
export function numberIn(text: string, min: number, max: number): number | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined
  const value = Number(text)
  return value >= min && value <= max ? value : undefined
}

const NAMED: Record<string, number> = { http: 80, https: 443, domain: 53, 'http-alt': 8080 }

type Host = { family: 4 | 6; address: string; port?: number }

/** Takes `HOST:PORT` or `[HOST]:PORT` apart; of `[10.0.0.1]:80` the port is not seen. */
function split(text: string): { host: string; port?: string } | undefined {
  const bracketed = /^\[([^\]]*)\]:(.*)$/.exec(text)
  if (bracketed !== null) {
    const [, host = '', port = ''] = bracketed
    return canonical(host)?.family === 4 ? { host } : { host, port }
  }
  if (text.startsWith('[')) return undefined
  const colon = canonical(text) === undefined ? text.lastIndexOf(':') : -1
  return colon < 0 ? { host: text } : { host: text.slice(0, colon), port: text.slice(colon + 1) }
}

/** Does what `parse_service` does for `HOST[:PORT]`; no names are resolved. */
export function parseHost(text: string): Host | undefined {
  const parts = split(text)
  const parsed = parts === undefined ? undefined : canonical(parts.host)
  if (parsed === undefined || parts?.port === undefined) return parsed
  const port = numberIn(parts.port, 0, 65535) ?? NAMED[parts.port]
  return port === undefined ? undefined : { ...parsed, port }
}

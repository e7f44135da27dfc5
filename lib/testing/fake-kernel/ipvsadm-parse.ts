import { canonical } from './address'
import { COMMANDS, KNOWN, LONG_NAMES, OPTION_NAMES, RULES, WITH_VALUE } from './ipvsadm-grammar'
import type { FakeServiceKey } from './state'

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

type Word = { name: string; value?: string; shown: string }

function longWord(text: string): Word {
  const [long = '', value] = text.slice(2).split('=')
  const name = LONG_NAMES[long] ?? (long.length === 1 ? text : long)
  return { name, shown: `--${long}`, ...(value === undefined ? {} : { value }) }
}

/** Splits one argv word into options: `-Ln`, `-w5`, `--stats`, `--weight=5`. */
function wordsIn(text: string): Word[] {
  if (text.startsWith('--')) return [longWord(text)]
  const letters = [...text.slice(1)]
  const taker = letters.findIndex((letter) => WITH_VALUE.has(letter) || letter === 'p')
  const words: Word[] = letters.map((name) => ({ name, shown: `-${name}` }))
  const last = words[taker]
  if (last === undefined || taker === letters.length - 1) return words
  return [...words.slice(0, taker), { ...last, value: letters.slice(taker + 1).join('') }]
}

function setOption(request: Request, name: string, value: string): void {
  const [label, members] = OPTION_NAMES.find(([, names]) => names.includes(name)) ?? ['', []]
  if (members.some((member) => request.options.has(member))) {
    throw new Refused(2, `multiple '${label}' options specified`)
  }
  request.options.set(name, value)
}

function takeValue(word: Word, argv: string[]): string {
  if (word.value !== undefined) return word.value
  const next = argv[0]
  if (WITH_VALUE.has(word.name)) {
    if (next === undefined) throw new Refused(255, `${word.shown}: missing argument`, false)
    return argv.shift() ?? ''
  }
  // -p [SECONDS]
  if (word.name === 'p' && next !== undefined && !next.startsWith('-')) return argv.shift() ?? ''
  return ''
}

function takeCommand(request: Request, word: Word, argv: string[]): void {
  const command = COMMANDS[word.name]
  // the command must come first
  if (command === undefined) throw new Refused(255, TRY_HELP)
  request.command = command
  const value = takeValue(word, argv)
  if (value !== '') request.options.set('state', value)
}

function takeOption(request: Request, word: Word, argv: string[]): void {
  if (!KNOWN.has(word.name)) throw new Refused(255, `${word.shown}: unknown option`, false)
  if (COMMANDS[word.name] !== undefined) throw new Refused(2, `invalid option \`${word.shown}'`)
  setOption(request, word.name, takeValue(word, argv))
}

function takeWord(request: Request, word: Word, argv: string[]): void {
  if (request.command === '') takeCommand(request, word, argv)
  else takeOption(request, word, argv)
}

/** Does what popt and `parse_options` do: the command first, then each option at most once. */
export function parseArguments(words: readonly string[]): Request {
  const argv = [...words]
  const request: Request = { command: '', options: new Map(), rest: [] }
  while (argv.length > 0) {
    const next = argv.shift() ?? ''
    if (!next.startsWith('-') || next === '-') request.rest.push(next)
    else for (const word of wordsIn(next)) takeWord(request, word, argv)
  }
  if (request.command === '') throw new Refused(255, TRY_HELP)
  return request
}

/** Does what `generic_opt_check` does: needed and allowed options, in the order of the option table. */
export function checkOptions({ command, options, rest }: Request): void {
  const rule = RULES[command] ?? { needs: [], may: [] }
  if (command !== 'set' && rest.length > 0) {
    throw new Refused(2, `unexpected argument ${rest[0]}`)
  }
  for (const [label, names] of OPTION_NAMES) {
    const given = names.some((name) => options.has(name))
    if (!given && rule.needs.includes(label)) {
      throw new Refused(2, `You need to supply the '${label}' option for the '${command}' command`)
    }
    if (given && !rule.needs.includes(label) && !rule.may.includes(label)) {
      throw new Refused(2, `Illegal '${label}' option with the '${command}' command`)
    }
  }
}

/** Does what `string_to_number` does: decimal digits within bounds. */
export function numberIn(text: string, min: number, max: number): number | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined
  const value = Number(text)
  return value >= min && value <= max ? value : undefined
}

/** Does what `parse_service` does for `HOST[:PORT]`; no names are resolved. */
export function parseHost(
  text: string,
): { family: 4 | 6; address: string; port?: number } | undefined {
  const bracketed = /^\[([^\]]*)\]:(.*)$/.exec(text)
  if (text.startsWith('[') && bracketed === null) return undefined
  const bare = bracketed === null ? canonical(text) : undefined
  if (bare !== undefined) return bare
  const colon = text.lastIndexOf(':')
  const host = bracketed?.[1] ?? (colon < 0 ? text : text.slice(0, colon))
  const portText = bracketed?.[2] ?? (colon < 0 ? undefined : text.slice(colon + 1))
  const parsed = canonical(host)
  if (parsed === undefined) return undefined
  if (portText === undefined) return parsed
  const named: Record<string, number> = { http: 80, https: 443, domain: 53, 'http-alt': 8080 }
  const port = numberIn(portText, 0, 65535) ?? named[portText]
  return port === undefined ? undefined : { ...parsed, port }
}

function markKey(mark: string, family: 4 | 6): FakeServiceKey {
  const fwmark = numberIn(mark, 1, 4294967295)
  if (fwmark === undefined) throw new Refused(2, `invalid fwmark value \`${mark}' specified`)
  return { fwmark, family, protocol: 'tcp', address: family === 4 ? '0.0.0.0' : '::', port: 0 }
}

const PROTOCOLS = [['t', 'tcp'] as const, ['u', 'udp'] as const, ['sctp-service', 'sctp'] as const]

/** Reads which service is meant. */
export function serviceKeyOf({ options }: Request): FakeServiceKey | undefined {
  const mark = options.get('f')
  if (mark !== undefined) return markKey(mark, options.has('6') ? 6 : 4)
  if (options.has('6')) throw new Refused(2, '-6 used before -f\n')
  const [name = '', protocol = 'tcp'] = PROTOCOLS.find(([each]) => options.has(each)) ?? []
  const text = options.get(name)
  if (text === undefined) return undefined
  const host = parseHost(text)
  if (host === undefined) throw new Refused(2, 'illegal virtual server address[:port] specified')
  return { fwmark: 0, family: host.family, protocol, address: host.address, port: host.port ?? 0 }
}

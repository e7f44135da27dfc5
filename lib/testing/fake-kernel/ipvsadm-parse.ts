import { COMMANDS, KNOWN, LONG_NAMES, OPTION_NAMES, RULES, WITH_VALUE } from './ipvsadm-grammar'
import { checkFlags, checkValue } from './ipvsadm-values'
import { Refused, type Request, TRY_HELP } from './ipvsadm-words'

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
  checkValue(request, word.name)
}

function takeWord(request: Request, word: Word, argv: string[]): void {
  if (request.command === '') takeCommand(request, word, argv)
  else takeOption(request, word, argv)
}

/** Does what popt and `parse_options` do: the command first, then each option at most once, its value read at once. */
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
export function checkOptions(request: Request): void {
  const { command, options, rest } = request
  const rule = RULES[command] ?? { needs: [], may: [] }
  if (command !== 'set' && rest.length > 0) {
    throw new Refused(2, `unexpected argument ${rest[0]}`)
  }
  checkFlags(request)
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

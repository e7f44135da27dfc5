import { afterRead, type Host, noiseOf, runCommand } from './host'
import { NONSENSE } from './misbehaviour'
import { shellWords } from './words'

/** Where a fake shell prints. */
export type Streams = { out(text: string): void; err(text: string): void }

/** One line of a batch with the lines of its here-document. */
type Line = { words: string[]; stdin: string }

/** Takes the lines of one compound command apart. */
function parseBatch(lines: readonly string[]): Line[] {
  const parsed: Line[] = []
  for (let at = 0; at < lines.length; at++) {
    const words = shellWords(lines[at] ?? '')
    const redirect = words.at(-1) ?? ''
    if (redirect === '</dev/null') parsed.push({ words: words.slice(0, -1), stdin: '' })
    else if (redirect.startsWith('<<')) {
      const end = lines.indexOf(redirect.slice(2), at + 1)
      const text = lines.slice(at + 1, end).map((line) => `${line}\n`)
      parsed.push({ words: words.slice(0, -1), stdin: text.join('') })
      at = end
    } else parsed.push({ words, stdin: '' })
  }
  return parsed
}

type Part = [name: string, out: string, err: string, exit: number]

function ipvsParts({ rules = '', thresholds = '', denied = '' }: Record<string, string>): Part[] {
  if (denied !== '') return [['rules', '', denied, 1]]
  return [
    ['rules', rules, '', 0],
    ['thresholds', thresholds, '', 0],
  ]
}

/** The lean read as the prelude's functions print it: parts on both streams. */
function readParts(host: Host, as: 'root' | 'user', sudo: boolean): Part[] {
  const all = host.kernel.sections(as, sudo)
  const lines = (all.modules ?? '').split(/(?<=\n)/)
  const [missing, loaded] = [true, false].map((wanted) =>
    lines.filter((line) => line.startsWith('missing ') === wanted).join(''),
  )
  const rows = all.sysctls ?? ''
  const keys = rows.replace(/:[^:\n]*$/gm, '')
  const values = rows.replace(/^.*:/gm, '')
  const present = all.table !== 'absent\n'
  const plain = (name: string): Part => [name, all[name] ?? '', '', 0]
  return [
    ['files', `${loaded}${all.boot}${values}${all.boot}${present ? all.table : ''}`, '', 0],
    plain('addresses'),
    ...(present && host.kernel.state.tools.includes('ipvsadm') ? ipvsParts(all) : []),
    ['missing', missing ?? '', '', 0],
    ...['owners', 'tools', 'privilege'].map(plain),
    ['keys', keys, '', 0],
  ]
}

/** A fake `/bin/sh` that reads the prelude and then batches: it answers as the prelude's functions do. */
export function createWarmChannel(host: Host, as: 'root' | 'user', streams: Streams) {
  let pending = ''
  let batch: string[] | undefined

  const both = (nonce: string, text: string) => {
    streams.err(`\n@@${nonce} ${text}\n`)
    streams.out(`\n@@${nonce} ${text}\n`)
  }
  /** Only of the rules it matters what was said on standard error. */
  const part = (nonce: string, name: string, out: string, err: string, exit: number) => {
    const noise = noiseOf(host) + err
    if (name === 'rules')
      streams.err(`\n@@${nonce} B rules\n${noise}\n@@${nonce} E rules ${exit}\n`)
    else streams.err(noise)
    streams.out(`\n@@${nonce} B ${name}\n${out}\n@@${nonce} E ${name} ${exit}\n`)
  }
  /** Answers false when the connection is gone. */
  const run = (nonce: string, { words, stdin }: Line): boolean | 'stop' => {
    const [, index = '', onFailure, seconds = '', who, ...argv] = words
    both(nonce, `B ${index}`)
    const full = [
      'timeout',
      '-k',
      '2',
      seconds,
      ...(who === 'sudo' && as === 'user' ? ['sudo', '-n'] : []),
      ...argv,
    ]
    const output = runCommand(host, full, stdin, as)
    if (output === undefined) return false
    streams.err(noiseOf(host) + output.stderr)
    streams.out(output.stdout)
    both(nonce, `E ${index} ${output.exit}`)
    return output.exit !== 0 && onFailure === 'stop' ? 'stop' : true
  }
  const read = (nonce: string, sudo: boolean) => {
    const nonsense = host.misbehaviour?.name === 'prints-nonsense'
    for (const [name, out, err, exit] of readParts(host, as, sudo)) {
      part(nonce, name, nonsense ? NONSENSE : out, err, exit)
    }
    afterRead(host)
  }
  /** Answers whether the next line may run. */
  const carryOut = (nonce: string, line: Line): boolean | 'stop' => {
    if (line.words[0] === 'tb_read') read(nonce, line.words[1] === 'sudo')
    return line.words[0] === 'tb_run' ? run(nonce, line) : true
  }
  const execute = ([begin, ...lines]: Line[]) => {
    if (host.misbehaviour?.name === 'hangs') return
    const nonce = begin?.words[1] ?? ''
    both(nonce, 'BEGIN')
    for (const line of lines) {
      const went = carryOut(nonce, line)
      if (went === false) return
      if (went === 'stop') break
    }
    both(nonce, 'END')
  }

  return (chunk: Buffer) => {
    const lines = (pending + chunk.toString('utf8')).split('\n')
    pending = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '{' && batch === undefined) batch = []
      else if (line === '}' && batch !== undefined) {
        execute(parseBatch(batch))
        batch = undefined
      } else batch?.push(line)
    }
  }
}

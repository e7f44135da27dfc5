import { StringDecoder } from 'node:string_decoder'
import { shellWords } from './words'

/** One line of a batch with the lines of its here-document. */
export type Line = { words: string[]; stdin: string }

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

/** The mark that ends the here-document which a line begins. */
const markOf = (line: string): string | undefined => / <<'([0-9a-f]+)'$/.exec(line)?.[1]

/** Reads compound commands from a shell's standard input, piece by piece; a `}` within a here-document ends none. */
export function createBatchReader(onBatch: (lines: Line[]) => void): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8')
  let pending = ''
  let batch: string[] | undefined
  let mark: string | undefined

  const inside = (lines: string[], line: string) => {
    if (mark === undefined && line === '}') {
      batch = undefined
      onBatch(parseBatch(lines))
      return
    }
    lines.push(line)
    if (mark === undefined) mark = markOf(line)
    else if (line === mark) mark = undefined
  }
  return (chunk) => {
    const lines = (pending + decoder.write(chunk)).split('\n')
    pending = lines.pop() ?? ''
    for (const line of lines) {
      if (batch !== undefined) inside(batch, line)
      else if (line === '{') batch = []
    }
  }
}

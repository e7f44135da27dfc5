import { InvalidInput } from '@/lib/errors'

/** What no argument of ours ever holds, and what could end a line of the shell's input or fool a reader. */
const FORBIDDEN = /\p{Cc}/u

function quoteWord(word: string): string {
  if (FORBIDDEN.test(word) || !word.isWellFormed()) {
    throw new InvalidInput({}, 'quote.control-character', { word: JSON.stringify(word) })
  }
  return `'${word.replaceAll("'", `'\\''`)}'`
}

/**
 * Writes arguments as single-quoted words of a POSIX shell; nothing else in this project quotes.
 * Throws InvalidInput (`quote.control-character`) for control characters, NUL and newlines included, and for text
 * that is not well-formed Unicode, and (`quote.empty`) when there is no word.
 */
export function quote(argv: readonly string[]): string {
  if (argv.length === 0) throw new InvalidInput({}, 'quote.empty')
  return argv.map(quoteWord).join(' ')
}

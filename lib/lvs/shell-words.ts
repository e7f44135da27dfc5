import type { Argv } from './commands'

/** Words that no shell changes; everything else is quoted. */
const PLAIN = /^[\w@%+=:,./-]+$/

const quote = (word: string): string =>
  PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`

/** Writes a command as one line that a person can read and paste into sh(1); nothing is run from it. */
export function shellLine(argv: Argv): string {
  return argv.map(quote).join(' ')
}

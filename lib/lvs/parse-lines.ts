import { Unreadable } from '@/lib/errors'

/** More of one line would fill a page or a log with nonsense from a host; less would hide what it was. */
const LINE_SHOWN = 200

// sudo: unable to resolve host director: Name or service not known
const NOISE = 'sudo: unable to resolve host '

/** Tells whether a line says anything: it is not empty, and no known noise of sudo. */
export const isMeant = (line: string): boolean => line.trim() !== '' && !line.startsWith(NOISE)

/** Calls `visit` with the bounds of each line of what a host printed, without its carriage return. */
export function eachLine(text: string, visit: (start: number, end: number) => void): void {
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline
    visit(start, text[end - 1] === '\r' && end > start ? end - 1 : end)
    start = end + 1
  }
}

/** Splits what a host printed into its lines, without carriage returns, empty lines and sudo's known noise. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
    .filter(isMeant)
}

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13)

/** Splits a line at white space. By hand: tables have tens of thousands of lines, and a pattern takes several times as long. */
export function wordsOf(line: string): string[] {
  const words: string[] = []
  let start = -1
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at)
    if (code > 127) return line.trim().split(/\s+/) // white space beyond ASCII is the pattern's to know
    if (!isSpace(code)) start = start === -1 ? at : start
    else if (start !== -1) {
      words.push(line.slice(start, at))
      start = -1
    }
  }
  if (start !== -1) words.push(line.slice(start))
  return words
}

/** Reads a whole number in decimal digits up to `most`; `undefined` when it is none. */
export function parseCount(word: string | undefined, most: number): number | undefined {
  if (word === undefined || word === '' || word.length > 20) return undefined
  for (let at = 0; at < word.length; at++) {
    const code = word.charCodeAt(at)
    if (code < 48 || code > 57) return undefined
  }
  const count = Number(word)
  return count <= most ? count : undefined
}

/** Builds the error for a line that makes the whole reading useless; values: `what` was read, the `line`. */
export function unreadableLine(what: string, line: string): Unreadable {
  return new Unreadable('unreadable.line', { what, line: line.slice(0, LINE_SHOWN) })
}

/** Builds the error for a reading that lacks a part: the connection or a cap cut it. */
export function unreadableCut(what: string): Unreadable {
  return new Unreadable('unreadable.cut', { what })
}

import { StringDecoder } from 'node:string_decoder'

/** Control characters but tab and newline, and the marks that turn the direction of writing. */
const UNSHOWABLE = /[^\P{Cc}\t\n]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Takes out what could move a terminal's cursor or hide text from a reader; tabs and newlines stay. */
export function stripControls(text: string): string {
  return text.replace(UNSHOWABLE, '')
}

/** One mark of a frame and what was printed since the mark before it. */
export type Mark = {
  /** `BEGIN`, `B NAME`, `E NAME EXIT`, `END`. */
  words: readonly string[]
  text: string
  /** The same as it was printed, control characters and all; only for what is compared and written back. */
  raw: string
  /** The text went over the cap and was cut there. */
  cut: boolean
}

/**
 * Reads one stream of framed output, piece by piece: calls `onMark` for each line `@@NONCE …` with the text since the
 * one before. `cap` is the most characters of text that are kept between two marks: what comes after is read and
 * dropped, so that a command that prints without end costs no memory.
 */
export function createFrameReader(
  nonce: string,
  cap: number,
  onMark: (mark: Mark) => void,
): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8')
  const prefix = `@@${nonce} `
  let lines: string[] = []
  let size = 0
  let cut = false
  let partial = ''

  /** Ends a line of text; the newline that the frame puts before each mark leaves the text as it was printed. */
  const keep = (line: string) => {
    if (cut) return
    size += line.length + 1
    if (size <= cap + 1) lines.push(line)
    else {
      lines.push(line.slice(0, Math.max(0, cap - (size - line.length - 1))))
      cut = true
    }
  }
  const mark = (line: string) => {
    const words = line.slice(prefix.length).trimEnd().split(' ')
    const raw = lines.join('\n')
    const marked = { words, text: stripControls(raw), raw, cut }
    lines = []
    size = 0
    cut = false
    onMark(marked)
  }
  return (chunk) => {
    const parts = (partial + decoder.write(chunk)).split('\n')
    partial = parts.pop() ?? ''
    for (const line of parts) {
      if (line.startsWith(prefix)) mark(line)
      else keep(line)
    }
    // A line without end must not grow without end; a mark is never this long.
    if (partial.length > cap + prefix.length) partial = partial.slice(0, cap + prefix.length)
  }
}

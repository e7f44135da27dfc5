import { unreadableCut } from './parse-lines'

/** One part of a framed output: what it printed, and its exit; no exit = cut at the size limit. */
export type Framed = { text: string; exit?: number }

function endOf(lines: readonly string[]): Framed {
  // Each part is followed by one empty line of the frame's own.
  const printed = lines.at(-1) === '' ? lines.slice(0, -1) : [...lines]
  const [, code] = /^@rc=(\d+)$/.exec(printed.at(-1) ?? '') ?? []
  if (code === undefined) return { text: printed.join('\n') }
  return { text: `${printed.slice(0, -1).join('\n')}\n`, exit: Number(code) }
}

// @@f00dcafe B os
// PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
// @rc=0
//
// @@f00dcafe E os
/**
 * Splits the output of the probe into its parts by the nonce that its caller chose; what comes before it (banners,
 * echoes of shell start files) is ignored. Throws Unreadable (`unreadable.cut`, what `probe`) when the begin or the
 * end is missing, or a part does not end: the connection was cut.
 */
export function parseFrame(output: string, nonce: string): ReadonlyMap<string, Framed> {
  const mark = `@@${nonce} `
  const lines = output.split('\n').map((line) => line.replace(/\r$/, ''))
  const begin = lines.findIndex((line) => line.startsWith(`${mark}BEGIN `))
  const end = lines.lastIndexOf(`${mark}END`)
  if (begin === -1 || end < begin) throw unreadableCut('probe')
  const parts = new Map<string, Framed>()
  let open: { name: string; lines: string[] } | undefined
  for (const line of lines.slice(begin + 1, end)) {
    if (!line.startsWith(mark)) open?.lines.push(line)
    else if (open === undefined) open = { name: nameAfter(line, `${mark}B `), lines: [] }
    else {
      if (nameAfter(line, `${mark}E `) !== open.name) throw unreadableCut('probe')
      parts.set(open.name, endOf(open.lines))
      open = undefined
    }
  }
  if (open !== undefined) throw unreadableCut('probe')
  return parts
}

function nameAfter(line: string, prefix: string): string {
  if (!line.startsWith(prefix)) throw unreadableCut('probe')
  return line.slice(prefix.length)
}

import { type ChangeObject, diffLines } from 'diff'

/** One line of a diff; `line` counts from 1, in the old text for a line that goes, else in the new one. */
export type DiffRow = {
  sign: ' ' | '+' | '-'
  line: number
  text: string
  /** The text ends here without a line feed: some programs drop such a last line. */
  isOpenEnd?: true
}

/** Lines that differ with a few around them; `skipped`: how many equal ones lie before the first. */
export type DiffHunk = { skipped: number; rows: readonly DiffRow[] }

export type FileDiff = {
  added: number
  removed: number
  /** Whether the file is there before, and after. */
  from: 'absent' | 'there'
  to: 'absent' | 'there'
  hunks: readonly DiffHunk[]
  /** Equal lines after the last hunk. */
  rest: number
}

/** Enough to see in which block of a file a line stands. */
const AROUND = 3

function rowsOf(parts: readonly ChangeObject<string>[]): DiffRow[] {
  const at = { old: 0, now: 0 }
  return parts.flatMap(({ value, added, removed }) => {
    const sign = added ? '+' : removed ? '-' : ' '
    const isOpen = !value.endsWith('\n')
    const lines = (isOpen ? value : value.slice(0, -1)).split('\n')
    return lines.map((text, index): DiffRow => {
      if (sign !== '+') at.old += 1
      if (sign !== '-') at.now += 1
      const isEnd = isOpen && index === lines.length - 1
      const line = sign === '-' ? at.old : at.now
      return { sign, line, text, ...(isEnd && { isOpenEnd: true as const }) }
    })
  })
}

/** Cuts equal lines that are far from every change. */
function hunksOf(rows: readonly DiffRow[]): Pick<FileDiff, 'hunks' | 'rest'> {
  const changes = rows.flatMap(({ sign }, index) => (sign === ' ' ? [] : [index]))
  const hunks: { skipped: number; rows: DiffRow[] }[] = []
  let next = 0
  for (const index of changes) {
    const from = Math.max(next, index - AROUND)
    const until = Math.min(rows.length, index + AROUND + 1)
    const current = hunks.at(-1)
    if (current === undefined || from > next)
      hunks.push({ skipped: from - next, rows: rows.slice(from, until) })
    else current.rows.push(...rows.slice(next, until))
    next = Math.max(next, until)
  }
  return { hunks, rest: rows.length - next }
}

/** Compares two texts of a file line by line; `undefined`: the file is not there. */
export function diffFile(before: string | undefined, after: string | undefined): FileDiff {
  const rows = rowsOf(diffLines(before ?? '', after ?? ''))
  const count = (sign: DiffRow['sign']) => rows.filter((row) => row.sign === sign).length
  return {
    ...{ added: count('+'), removed: count('-') },
    from: before === undefined ? 'absent' : 'there',
    to: after === undefined ? 'absent' : 'there',
    ...hunksOf(rows),
  }
}

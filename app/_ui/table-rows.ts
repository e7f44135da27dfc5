import type { ReactNode } from 'react'

export type Column = {
  id: string
  label: string
  align?: 'start' | 'end'
  /** Can be sorted by: its cells then carry `sort`. */
  sortable?: boolean
  /** Hides the label (e.g. of a column of menus) from the eye, not from screen readers. */
  hideLabel?: boolean
  /** A class for its width, e.g. `w-32`. */
  width?: string
}

export type Cell = {
  node: ReactNode
  /** What it is sorted and filtered by. `undefined` sorts last, whichever the direction. */
  sort?: string | number | undefined
}

/** Rows are plain data, so that server components can make them. */
export type Row = { id: string; cells: Readonly<Record<string, Cell>>; muted?: boolean }

export type Sort = { column: string; descending: boolean }

/** Reads `name` or `-name` of an address. */
export function parseSort(text: string | null, columns: readonly Column[]): Sort | undefined {
  if (text === null) return undefined
  const descending = text.startsWith('-')
  const column = descending ? text.slice(1) : text
  const isKnown = columns.some((it) => it.id === column && it.sortable === true)
  return isKnown ? { column, descending } : undefined
}

/** Writes a sort for an address. */
export function formatSort({ column, descending }: Sort): string {
  return descending ? `-${column}` : column
}

/** Texts in the order of a language: server and browser must agree on it, so neither takes its own. */
function comparison(locale: string) {
  const { compare } = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' })
  return (a: string | number, b: string | number): number =>
    typeof a === 'number' && typeof b === 'number' ? a - b : compare(String(a), String(b))
}

/** Orders rows by one column; rows without a value come last, equal ones keep their order. */
export function sortRows(
  rows: readonly Row[],
  sort: Sort | undefined,
  locale: string,
): readonly Row[] {
  if (sort === undefined) return rows
  const compare = comparison(locale)
  const sign = sort.descending ? -1 : 1
  return [...rows].sort((left, right) => {
    const [a, b] = [left.cells[sort.column]?.sort, right.cells[sort.column]?.sort]
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
    return sign * compare(a, b)
  })
}

/** Keeps rows in which every word of `text` stands somewhere, whatever its case. */
export function filterRows(rows: readonly Row[], text: string): readonly Row[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return rows
  return rows.filter((row) => {
    const all = Object.values(row.cells)
      .map((cell) => String(cell.sort ?? '').toLowerCase())
      .join('\n')
    return words.every((word) => all.includes(word))
  })
}

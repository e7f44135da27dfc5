import { useFormatter } from 'next-intl'
import type { ReactElement } from 'react'

/** A list that says neither "and" nor "or": `a, b, c`, or in Chinese `a、b、c`. */
export const PLAIN_LIST = { type: 'conjunction', style: 'narrow' } as const

/** Gives the function that joins names, or links with keys, as the language does. For server and client components. */
export function useList() {
  const format = useFormatter()
  return <Part extends string | ReactElement>(parts: readonly Part[]) =>
    format.list(parts, PLAIN_LIST)
}

/** Gives the function that writes milliseconds as seconds with one digit: `0.8`. Says no unit: that is in a message. */
export function useSeconds(): (ms: number) => string {
  const format = useFormatter()
  return (ms) => format.number(ms / 1000, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
}

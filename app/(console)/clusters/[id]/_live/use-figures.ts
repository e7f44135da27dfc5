'use client'

import { useFormatter } from 'next-intl'
import { useMemo } from 'react'

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** Splits bytes into a number below 1000 and its decimal unit. */
export function bytesParts(bytes: number): { value: number; unit: (typeof UNITS)[number] } {
  let [value, step] = [bytes, 0]
  // 999.5 would be drawn as 1,000.
  while (value >= 999.5 && step < UNITS.length - 1) [value, step] = [value / 1000, step + 1]
  return { value, unit: UNITS[step] ?? 'B' }
}

/** Few digits below ten, none above: a figure that jumps in its third digit tells nothing. */
export const digitsOf = (value: number): 0 | 1 => (value < 9.95 && value > 0 ? 1 : 0)

/** Gives the functions that write figures in the reader's language. */
export function useFigures() {
  const format = useFormatter()
  return useMemo(() => {
    const number = (value: number, digits: number) =>
      format.number(value, { minimumFractionDigits: digits, maximumFractionDigits: digits })
    return {
      count: (value: number) => number(value, 0),
      rate: (value: number) => number(value, digitsOf(value)),
      bytes: (bytes: number) => {
        const { value, unit } = bytesParts(bytes)
        return `${number(value, unit === 'B' ? 0 : digitsOf(value))} ${unit}`
      },
      percent: (share: number) =>
        format.number(share, {
          style: 'percent',
          minimumFractionDigits: 1,
          maximumFractionDigits: 1,
        }),
    }
  }, [format])
}

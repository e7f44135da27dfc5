'use client'

import { useFormatter, useTranslations } from 'next-intl'
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

/** More shares than this in one sentence cannot be read; the bars have them. */
const MOST_SHARES = 4

/** Lists shares; of many only the lowest and the highest. */
export function listShares(shares: readonly number[], write: (share: number) => string): string {
  if (shares.length <= MOST_SHARES) return shares.map(write).join(' / ')
  return `${write(Math.min(...shares))} – ${write(Math.max(...shares))}`
}

/** Gives the functions that write figures in the reader's language. */
export function useFigures() {
  const format = useFormatter()
  const t = useTranslations('live')
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
      percent: (share: number) => t('percent', { value: number(share * 100, 1) }),
      /** Several shares as one figure: `33.4 / 33.3 / 33.3 %`. */
      percents: (shares: readonly number[]) =>
        t('percent', { value: listShares(shares, (share) => number(share * 100, 1)) }),
    }
  }, [format, t])
}

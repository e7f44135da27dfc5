'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { cx } from '@/app/_ui/cx'
import { SeriesMark } from '@/app/_ui/series-mark'
import type { RealServerView } from './real-server-view'

/** More lines than this hide each other: then only the busiest are drawn, until a person chooses. */
const MOST_LINES = 12
const BUSIEST = 8

/** Which lines are drawn: all, or of many those that were busiest when they were first known. */
export function useChosenLines(rows: readonly RealServerView[]) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>()
  const isKnown = rows.some(({ active }) => active !== undefined)
  if (chosen === undefined && isKnown && rows.length > MOST_LINES) {
    const busiest = [...rows].sort((a, b) => (b.active ?? -1) - (a.active ?? -1))
    setChosen(new Set(busiest.slice(0, BUSIEST).map(({ id }) => id)))
  }
  const isShown = (id: string) =>
    chosen === undefined ? rows.length <= MOST_LINES : chosen.has(id)
  const toggle = (id: string) => {
    const next = new Set(rows.filter((row) => isShown(row.id)).map((row) => row.id))
    if (!next.delete(id)) next.add(id)
    setChosen(next)
  }
  return { isShown, toggle }
}

type Props = {
  rows: readonly RealServerView[]
  isShown: (id: string) => boolean
  onToggle: (id: string) => void
}

/** The names of the lines; each can be taken off the chart and put back. */
export function ChartLegend({ rows, isShown, onToggle }: Props) {
  const t = useTranslations('live.chart')
  const shown = rows.filter(({ id }) => isShown(id)).length
  return (
    <fieldset className="mb-2 flex max-h-16 flex-wrap gap-x-1 overflow-y-auto">
      <legend className="sr-only">{t('lines')}</legend>
      {rows.map((row) => (
        <button
          key={row.id}
          type="button"
          aria-pressed={isShown(row.id)}
          onClick={() => onToggle(row.id)}
          className={cx(
            '-ml-1.5 mr-1.5 inline-flex min-h-6 items-center gap-1.5 rounded-chip px-1.5 text-sm hover:bg-hover pointer-coarse:min-h-11',
            isShown(row.id) ? 'text-text' : 'text-muted',
          )}
        >
          <SeriesMark index={row.index} {...(!isShown(row.id) && { className: 'opacity-40' })} />
          <span className="max-w-48 truncate">{row.name}</span>
        </button>
      ))}
      {shown < rows.length && (
        <span className="min-h-6 text-muted text-sm leading-6">
          {t('shown', { shown, total: rows.length })}
        </span>
      )}
    </fieldset>
  )
}

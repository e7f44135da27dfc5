'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useNow } from '@/app/_ui/clock'
import { Icon } from '@/app/_ui/icon'
import { historyKey } from './count-history'
import type { LiveStore } from './live-store'
import type { RealServerView } from './real-server-view'
import { useFigures } from './use-figures'

const MINUTES_AGO = [0, 1, 2, 5, 9]

type Props = { store: LiveStore; service: string; rows: readonly RealServerView[] }

function TwinTable({ store, service, rows }: Props) {
  const t = useTranslations('live.chart')
  const { count } = useFigures()
  // The tick of the clock draws it anew; the time is Tunboard's, as that of the samples.
  useNow()
  const now = store.now()
  const figure = (value: number | undefined) => (value === undefined ? '—' : count(value))
  const heads = [...MINUTES_AGO.map((minutes) => t('ago', { minutes })), t('lowest'), t('highest')]
  return (
    <section
      className="mt-2 overflow-x-auto"
      // A table that scrolls must be reachable by keyboard.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1 wants scrollable regions focusable
      tabIndex={0}
      aria-label={t('caption', { minutes: 10 })}
    >
      <table className="w-full text-sm">
        <thead>
          <tr className="text-muted">
            <td />
            {heads.map((head) => (
              <th
                key={head}
                scope="col"
                className="whitespace-nowrap px-2 py-1 text-right font-normal"
              >
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const key = historyKey(service, row.id)
            const range = store.history.range(key)
            return (
              <tr key={row.id} className="border-t">
                <th scope="row" className="whitespace-nowrap py-1 text-left font-normal">
                  {row.name}
                </th>
                {MINUTES_AGO.map((minutes) => (
                  <td key={minutes} className="px-2 py-1 text-right font-mono">
                    {figure(store.history.valueAt(key, now - minutes * 60_000))}
                  </td>
                ))}
                <td className="px-2 py-1 text-right font-mono">{figure(range?.lowest)}</td>
                <td className="px-2 py-1 text-right font-mono">{figure(range?.highest)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

/** The chart's figures as a table; it costs nothing while it is closed. */
export function ConnectionsTwin(props: Props) {
  const t = useTranslations('live.chart')
  const [isOpen, setOpen] = useState(false)
  return (
    <div className="mt-3">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="inline-flex items-center gap-1 rounded-chip text-muted text-sm hover:text-text pointer-coarse:min-h-11"
      >
        <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} size={14} />
        {t('asTable')}
      </button>
      {isOpen && <TwinTable {...props} />}
    </div>
  )
}

'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { Card } from '@/app/_ui/card'
import { useIsBrowser } from '@/app/_ui/clock'
import { UplotChart } from '@/app/_ui/uplot-chart'
import type { ChartMark } from '@/app/_ui/uplot-plugins'
import { useList } from '@/app/_ui/use-format'
import { ChartLegend, useChosenLines } from './chart-legend'
import { ConnectionsTwin } from './connections-twin'
import { historyKey } from './count-history'
import type { LiveStore } from './live-store'
import type { RealServerView } from './real-server-view'
import { useFigures } from './use-figures'

const CHART_MINUTES = 10
const IDLE_MS = 5000

type Props = {
  store: LiveStore
  /** formatServiceKey. */
  service: string
  rows: readonly RealServerView[]
  marks: readonly ChartMark[]
  isStale: boolean
}

/** Times of the chart are the reader's own: the browser knows the zone, the server does not. */
function useTimes() {
  const format = useFormatter()
  const isBrowser = useIsBrowser()
  const timeZone = isBrowser ? Intl.DateTimeFormat().resolvedOptions().timeZone : 'UTC'
  return (seconds: number, withSeconds: boolean) =>
    format.dateTime(seconds * 1000, {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZone,
      ...(withSeconds && { second: '2-digit' }),
    })
}

/** Active connections per real server over the last minutes: fed by the stream, past React. */
export function ConnectionsCard({ store, service, rows, marks, isStale }: Props) {
  const t = useTranslations('live.chart')
  const { count } = useFigures()
  const list = useList()
  const formatTime = useTimes()
  const known = rows.filter(({ state }) => state !== 'not-applied')
  const { isShown, toggle } = useChosenLines(known)
  const shown = known.filter(({ id }) => isShown(id))
  const ids = shown.map(({ id }) => id)
  const series = shown.map(({ id, name, index }) => ({ id, label: name, index }))
  const key = JSON.stringify(ids)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for `ids`; another feed is another chart
  const feed = useMemo(
    () => ({
      read: () => store.history.columns(service, ids, store.now()),
      subscribe: (listener: () => void) => {
        const stop = store.subscribe(listener)
        // While nothing comes, time goes on all the same.
        const timer = setInterval(() => store.isQuiet() && listener(), IDLE_MS)
        return () => {
          clearInterval(timer)
          stop()
        }
      },
    }),
    [store, service, key],
  )
  const summary = () => {
    const now = shown.map(({ id, name }) => {
      const active = store.history.valueAt(historyKey(service, id), store.now())
      return t('summaryItem', { name, value: active === undefined ? t('unknown') : count(active) })
    })
    return t('summary', { minutes: CHART_MINUTES, now: list(now) })
  }
  return (
    <Card title={t('title')} note={t('note', { minutes: CHART_MINUTES })}>
      <ChartLegend rows={known} isShown={isShown} onToggle={toggle} />
      <UplotChart
        series={series}
        feed={feed}
        height={272}
        windowSeconds={CHART_MINUTES * 60}
        marks={marks}
        summary={summary}
        formatTime={formatTime}
        formatValue={count}
        more={(left) => t('more', { count: left })}
        stale={isStale}
      />
      <ConnectionsTwin store={store} service={service} rows={known} />
    </Card>
  )
}

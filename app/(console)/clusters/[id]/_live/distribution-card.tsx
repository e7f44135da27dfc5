'use client'

import { useTranslations } from 'next-intl'
import { Card } from '@/app/_ui/card'
import { Disclosure } from '@/app/_ui/disclosure'
import { Icon } from '@/app/_ui/icon'
import { TONE_ICON, TONE_TEXT } from '@/app/_ui/tone'
import type { Distribution } from '@/lib/lvs/distribution'
import { DistributionBars } from './distribution-bars'
import { usePromise, useVerdict } from './distribution-words'
import type { RealServerView } from './real-server-view'
import { useFigures } from './use-figures'

function Twin({
  rows,
  distribution,
}: {
  rows: readonly RealServerView[]
  distribution: Distribution
}) {
  const t = useTranslations('live.shares')
  const figures = useFigures()
  const counts = new Map(distribution.shares.map(({ name, connections }) => [name, connections]))
  const orDash = (value: number | undefined, write: (value: number) => string) =>
    value === undefined ? '—' : write(value)
  return (
    <table className="w-full text-sm">
      <thead>
        <tr className="text-muted">
          <th scope="col" className="py-1 text-left font-normal">
            {t('colName')}
          </th>
          <th scope="col" className="py-1 text-right font-normal">
            {t('colCount')}
          </th>
          <th scope="col" className="py-1 text-right font-normal">
            {t('colShare')}
          </th>
          <th scope="col" className="py-1 text-right font-normal">
            {t('colPromised')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} className="border-t">
            <th scope="row" className="max-w-32 truncate py-1 text-left font-normal">
              {row.name}
            </th>
            <td className="py-1 text-right font-mono">
              {orDash(counts.get(row.id), figures.count)}
            </td>
            <td className="py-1 text-right font-mono">{orDash(row.share, figures.percent)}</td>
            <td className="py-1 text-right font-mono">{orDash(row.promised, figures.percent)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

type Props = {
  distribution: Distribution | undefined
  rows: readonly RealServerView[]
  scheduler: string
}

/** How new connections were really distributed, against what the scheduler promises, with a verdict in words. */
export function DistributionCard({ distribution, rows, scheduler }: Props) {
  const t = useTranslations('live')
  const verdictOf = useVerdict()
  const promise = usePromise()
  const shown = rows.filter(({ state }) => state !== 'not-applied')
  const names = new Map(rows.map(({ id, name }) => [id, name]))
  const verdict =
    distribution === undefined
      ? { tone: 'unknown' as const, short: t('unknown.not-read'), why: '' }
      : verdictOf(distribution, (id) => names.get(id) ?? id)
  return (
    <Card title={t('shares.title')} note={promise(scheduler)} className="flex flex-col">
      <p className={`flex items-start gap-2 ${TONE_TEXT[verdict.tone]}`}>
        <Icon name={TONE_ICON[verdict.tone]} className="mt-0.5" />
        <span className="min-w-0 font-strong">{verdict.short}</span>
      </p>
      <p className="mt-1 min-h-10 text-pretty pl-6 text-muted text-sm">{verdict.why}</p>
      <DistributionBars rows={shown} />
      <p className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-1 text-muted text-xs">
        {distribution !== undefined && distribution.seconds > 0 && (
          <span>
            {t('shares.window', {
              count: distribution.connections,
              seconds: Math.round(distribution.seconds),
            })}
          </span>
        )}
        {shown.some(({ promised }) => promised !== undefined) && (
          <span className="inline-flex items-center gap-1.5">
            <span aria-hidden className="inline-block h-0.5 w-3 bg-text" />
            {t('shares.tick')}
          </span>
        )}
      </p>
      {distribution !== undefined && (
        <div className="mt-3">
          <Disclosure summary={t('shares.asTable')}>
            <Twin rows={shown} distribution={distribution} />
            <p className="mt-2 text-pretty text-muted text-xs">{t('shares.how')}</p>
          </Disclosure>
        </div>
      )}
    </Card>
  )
}

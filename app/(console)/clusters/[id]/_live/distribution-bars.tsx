'use client'

import { useTranslations } from 'next-intl'
import { cx } from '@/app/_ui/cx'
import { isDashed, seriesColor } from '@/app/_ui/series'
import { Tooltip } from '@/app/_ui/tooltip'
import type { RealServerView } from './real-server-view'
import { useFigures } from './use-figures'

/** With more bars than this there is no room for a name and a figure at each. */
const MOST_LABELLED = 6

const percentOf = (share: number, top: number) => `${Math.min(100, (share / top) * 100)}%`

function Bar({ row, top, isLabelled }: { row: RealServerView; top: number; isLabelled: boolean }) {
  const t = useTranslations('live.shares')
  const { percent } = useFigures()
  const { share, promised, name, index } = row
  const said = { name, share: share === undefined ? '—' : percent(share) }
  return (
    <li className="flex min-w-0 max-w-24 flex-1 flex-col">
      <Tooltip
        text={
          promised === undefined
            ? t('barAlone', said)
            : t('bar', { ...said, promised: percent(promised) })
        }
      >
        <div className="relative h-40">
          {share === undefined ? (
            <div className="hatched absolute inset-x-[14%] bottom-0 h-full rounded-t-[3px] opacity-60" />
          ) : (
            <div
              className="absolute inset-x-[14%] bottom-0 rounded-t-[3px] transition-[height] duration-180"
              style={{
                height: percentOf(share, top),
                background: isDashed(index)
                  ? `repeating-linear-gradient(0deg, ${seriesColor(index)} 0 5px, transparent 5px 7px)`
                  : seriesColor(index),
              }}
            ></div>
          )}
          {isLabelled && share !== undefined && (
            <span
              className="absolute inset-x-0 mb-1.5 text-center font-mono text-sm"
              style={{ bottom: percentOf(Math.max(share, promised ?? 0), top) }}
            >
              {percent(share)}
            </span>
          )}
          {promised !== undefined && promised > 0 && (
            <div
              className="absolute inset-x-[4%] h-0.5 translate-y-1/2 bg-text ring-1 ring-raised"
              style={{ bottom: percentOf(promised, top) }}
            />
          )}
        </div>
      </Tooltip>
      {isLabelled && (
        <span className="mt-1.5 truncate px-0.5 text-center text-muted text-xs">{name}</span>
      )}
    </li>
  )
}

/** One bar per real server, and where each was promised to end: evenness is a straight skyline. */
export function DistributionBars({ rows }: { rows: readonly RealServerView[] }) {
  const t = useTranslations('live.shares')
  const highest = Math.max(
    ...rows.flatMap(({ share, promised }) => [share ?? 0, promised ?? 0]),
    0.01,
  )
  const isLabelled = rows.length <= MOST_LABELLED
  return (
    <ul
      aria-label={t('summary')}
      className={cx('flex items-end justify-center pt-6', !isLabelled && 'border-b')}
    >
      {rows.map((row) => (
        <Bar key={row.id} row={row} top={Math.min(1, highest * 1.12)} isLabelled={isLabelled} />
      ))}
    </ul>
  )
}

'use client'

import { useTranslations } from 'next-intl'
import { cx } from '@/app/_ui/cx'
import { Icon } from '@/app/_ui/icon'
import { SeriesMark } from '@/app/_ui/series-mark'
import { StateDot } from '@/app/_ui/state'
import { useList } from '@/app/_ui/use-format'
import { type RealServerView, STATE_LOOK } from './real-server-view'
import { StateWords, stateOf } from './state-words'
import { useFigures } from './use-figures'

const BOX = 'rounded-card border bg-raised'

export function ClientsNode() {
  const t = useTranslations('live.topology')
  return (
    <div className={cx(BOX, 'flex items-center gap-2.5 px-4 py-3 @max-3xl:w-fit')}>
      <Icon name="system" size={18} className="text-muted" />
      <span className="font-strong">{t('clients')}</span>
    </div>
  )
}

export type DirectorFacts = {
  names: readonly string[]
  dips: readonly string[]
  /** What clients talk to, in large: `172.25.254.100:80`, or the mark. */
  endpoint: string
  /** `tcp · rr` and the like. */
  kind: string
}

export function DirectorNode({ director, isLost }: { director: DirectorFacts; isLost: boolean }) {
  const t = useTranslations('live')
  const list = useList()
  const { names, dips, endpoint, kind } = director
  return (
    <div className={cx(BOX, 'min-w-52 px-4 py-3', isLost && 'hatched bg-unknown-soft')}>
      <p className="flex items-center gap-1.5 text-muted text-sm">
        <Icon name={isLost ? 'unplugged' : 'cluster'} size={14} />
        {names.length > 1 ? t('topology.directors') : t('topology.director')}
        <span className="text-text">{list(names)}</span>
      </p>
      <p className="mt-1.5 break-all font-mono font-strong text-lg">{endpoint}</p>
      <p className="mt-0.5 text-muted text-sm">
        {kind}
        <span className="ml-2 font-mono">DIP {list(dips)}</span>
      </p>
    </div>
  )
}

/** What is unusual about the machine itself, whatever its entry does. */
function MachineNote({ row }: { row: RealServerView }) {
  const t = useTranslations('live.rowState')
  const { desired, isUnreachable } = row
  if (isUnreachable)
    return (
      <span className="inline-flex items-center gap-1 text-bad">
        <Icon name="unplugged" size={12} />
        {t('unreachable')}
      </span>
    )
  if (desired === undefined || desired.hostId !== undefined) return null
  return <span>{t('notManaged')}</span>
}

const isCalm = (row: RealServerView) => row.state === 'in-rotation'

export function RealServerNode({ row }: { row: RealServerView }) {
  const t = useTranslations('live.topology')
  const figures = useFigures()
  return (
    <div
      className={cx(
        'flex h-14 flex-col justify-center gap-0.5 rounded-card border bg-raised px-3',
        row.state === 'unknown' && 'hatched',
        !isCalm(row) && row.state !== 'draining' && 'border-dashed',
      )}
    >
      <span className="flex min-w-0 items-center gap-2">
        <SeriesMark index={row.index} />
        <span className="min-w-0 flex-1 truncate font-strong">{row.name}</span>
        <span className="whitespace-nowrap font-mono text-muted text-xs">
          {row.newPerSecond === undefined
            ? '—'
            : t('newPerSecond', { value: figures.rate(row.newPerSecond) })}
        </span>
      </span>
      <span className="flex min-w-0 items-center gap-2 whitespace-nowrap pl-5.5 text-muted text-xs">
        <span className="truncate font-mono">{row.rip}</span>
        <MachineNote row={row} />
        <span className="ml-auto">
          <StateWords {...stateOf(row)} />
        </span>
      </span>
    </div>
  )
}

/** Many real servers at once: a tile each, in the order of the table, so that the odd one out is seen. */
export function RealServerTiles({ rows, most }: { rows: readonly RealServerView[]; most: number }) {
  const t = useTranslations('live')
  const figures = useFigures()
  const left = rows.length - most
  return (
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(7.25rem,1fr))] gap-1.5 rounded-card border bg-sunken p-2">
      {rows.slice(0, most).map((row) => (
        <li
          key={row.id}
          title={`${row.name} ${row.id}`}
          className={cx(
            'flex h-8 min-w-0 items-center gap-1.5 rounded-control border bg-raised px-2 text-sm',
            row.state === 'unknown' && 'hatched',
          )}
        >
          <SeriesMark index={row.index} />
          <span className="min-w-0 flex-1 truncate">{row.name}</span>
          {!isCalm(row) && (
            <StateDot tone={STATE_LOOK[row.state].tone} label={t(`rowState.${row.state}`)} />
          )}
          <span className="font-mono text-muted text-xs">
            {row.active === undefined ? '—' : figures.count(row.active)}
          </span>
        </li>
      ))}
      {left > 0 && (
        <li className="flex h-8 items-center px-2 text-muted text-sm">
          {t('topology.more', { count: left })}
        </li>
      )}
    </ul>
  )
}

'use client'

import { useTranslations } from 'next-intl'
import { type ReactNode, useMemo } from 'react'
import { Card } from '@/app/_ui/card'
import { cx } from '@/app/_ui/cx'
import { Icon } from '@/app/_ui/icon'
import { SeriesMark } from '@/app/_ui/series-mark'
import { ShareBar } from '@/app/_ui/share-bar'
import { Table } from '@/app/_ui/table'
import type { Cell, Column, Row } from '@/app/_ui/table-rows'
import { TextLink } from '@/app/_ui/text-link'
import { Tooltip } from '@/app/_ui/tooltip'
import { UnknownValue } from '@/app/_ui/unknown-value'
import { paths } from '@/app/paths'
import type { RealServerView, UnknownWhy } from './real-server-view'
import { StateWords } from './state-words'
import { useFigures } from './use-figures'

/** With this many rows a field to find one is quicker than looking. */
const FILTER_FROM = 12

/** Where there is no room for all of them, the columns of inactive connections and of bytes wait for more. */
const NARROW = 'md:@max-4xl:[&_tr>*:nth-child(5)]:hidden md:@max-4xl:[&_tr>*:nth-child(7)]:hidden'

/** Many rows scroll within themselves, under their head: what comes after the table stays near. */
const TALL =
  'md:max-h-[38rem] md:overflow-y-auto [&_th]:sticky [&_th]:top-0 [&_th]:z-1 [&_th]:bg-raised'

/** On a phone a row is a block: its menu stands at the corner, not behind the last figure. */
const CORNER =
  'max-md:[&_tbody_tr]:relative max-md:[&_td:last-child]:absolute max-md:[&_td:last-child]:top-2 max-md:[&_td:last-child]:right-3'

function NameCell({ row, clusterId }: { row: RealServerView; clusterId: string }) {
  const t = useTranslations('live')
  const { desired } = row
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      <SeriesMark index={row.index} />
      <span className="min-w-0">
        {desired === undefined ? (
          <span className="block truncate font-strong">{row.name}</span>
        ) : (
          <TextLink
            strong
            href={paths.realServerEdit(clusterId, desired.id)}
            className="block truncate"
          >
            {row.name}
          </TextLink>
        )}
        <span className="flex gap-2 whitespace-nowrap text-muted text-xs">
          <span className="font-mono">{row.id}</span>
          {desired !== undefined && desired.hostId === undefined && (
            <Tooltip text={t('rowStateWhy.notManaged')}>
              <span>{t('rowState.notManaged')}</span>
            </Tooltip>
          )}
          {row.isUnreachable && (
            <Tooltip text={t('rowStateWhy.unreachable', { host: row.name })}>
              <span className="inline-flex items-center gap-1 text-bad">
                <Icon name="unplugged" size={12} />
                {t('rowState.unreachable')}
              </span>
            </Tooltip>
          )}
        </span>
      </span>
    </span>
  )
}

function WeightCell({ row }: { row: RealServerView }) {
  const t = useTranslations('live')
  const { weight, desired } = row
  return (
    <span className="font-mono">
      {weight === undefined ? <UnknownValue reason={t(`unknown.${row.unknown.counts}`)} /> : weight}
      {weight !== undefined && desired !== undefined && weight !== desired.weight && (
        <span className="block font-sans text-warn text-xs">
          {t('table.weightDesired', { weight: desired.weight })}
        </span>
      )}
    </span>
  )
}

/** A figure, or why there is none. */
function Figure({ text, why }: { text: string | undefined; why: UnknownWhy }) {
  const t = useTranslations('live.unknown')
  if (text === undefined) return <UnknownValue reason={t(why)} />
  return <span className="font-mono">{text}</span>
}

/** Bytes that came in; why only those is said where they stand. */
function BytesCell({ row }: { row: RealServerView }) {
  const t = useTranslations('live.table')
  const { bytes } = useFigures()
  const { inBytesPerSecond, unknown } = row
  if (inBytesPerSecond === undefined) return <Figure text={undefined} why={unknown.rates} />
  return (
    <Tooltip text={t('inBytesWhy')}>
      <span className="whitespace-nowrap font-mono">{bytes(inBytesPerSecond)}</span>
    </Tooltip>
  )
}

function ShareCell({ row, scale }: { row: RealServerView; scale: number }) {
  const t = useTranslations('live')
  const { percent } = useFigures()
  const { share, promised, unknown } = row
  const said =
    share === undefined
      ? t('table.shareNone')
      : promised === undefined
        ? t('table.shareAlone', { share: percent(share) })
        : t('table.shareLabel', { share: percent(share), promised: percent(promised) })
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <ShareBar
        share={share}
        promised={promised}
        scale={scale}
        index={row.index}
        label={said}
        className="@max-4xl:w-12 w-16"
      />
      <span className="inline-block min-w-12 text-right">
        <Figure
          text={share === undefined ? undefined : percent(share)}
          why={row.newPerSecond === undefined ? unknown.rates : 'no-share'}
        />
      </span>
    </span>
  )
}

function useColumns(): readonly Column[] {
  const t = useTranslations('live.table')
  return useMemo(() => {
    const figure = { sortable: true, align: 'end' } as const
    return [
      { id: 'name', label: t('name'), sortable: true },
      { id: 'state', label: t('state'), sortable: true },
      { id: 'weight', label: t('weight'), ...figure },
      { id: 'active', label: t('active'), ...figure },
      { id: 'inactive', label: t('inactive'), ...figure },
      { id: 'newPerSecond', label: t('newPerSecond'), ...figure },
      { id: 'inBytes', label: t('inBytes'), ...figure },
      { id: 'share', label: t('share'), sortable: true },
      { id: 'menu', label: t('menu'), hideLabel: true, align: 'end' },
    ]
  }, [t])
}

type Props = {
  clusterId: string
  service: string
  rows: readonly RealServerView[]
  foot: ReactNode
  menu: (row: RealServerView) => ReactNode
}

/** The real servers of a virtual service as rows: state, weight, counts, rates, share, and what can be done. */
export function RealServerTable({ clusterId, service, rows, menu, ...props }: Props) {
  const t = useTranslations('live')
  const figures = useFigures()
  const columns = useColumns()
  const shares = rows.flatMap(({ share, promised }) => [share ?? 0, promised ?? 0])
  const scale = Math.min(1, Math.max(0.01, ...shares) * 1.2)

  const figure = (
    row: RealServerView,
    value: number | undefined,
    write: (value: number) => string,
    why: 'counts' | 'rates',
  ): Cell => ({
    sort: value,
    node: <Figure text={value === undefined ? undefined : write(value)} why={row.unknown[why]} />,
  })
  const table = rows.map(
    (row): Row => ({
      id: row.id,
      muted: row.state === 'foreign',
      cells: {
        name: {
          sort: `${row.name} ${row.id}`,
          node: <NameCell row={row} clusterId={clusterId} />,
        },
        state: { sort: t(`rowState.${row.state}`), node: <StateWords row={row} /> },
        weight: { sort: row.weight, node: <WeightCell row={row} /> },
        active: figure(row, row.active, figures.count, 'counts'),
        inactive: figure(row, row.inactive, figures.count, 'counts'),
        newPerSecond: figure(row, row.newPerSecond, figures.rate, 'rates'),
        inBytes: { sort: row.inBytesPerSecond, node: <BytesCell row={row} /> },
        share: { sort: row.share, node: <ShareCell row={row} scale={scale} /> },
        menu: { node: menu(row) },
      },
    }),
  )
  return (
    <Card title={t('table.title')} padded={false} className={cx('@container', NARROW, CORNER)}>
      <div className={cx('overflow-x-auto', rows.length >= FILTER_FROM && TALL)}>
        <Table
          caption={t('table.caption', { service })}
          columns={columns}
          rows={table}
          {...(rows.length >= FILTER_FROM && { filterLabel: t('table.filter') })}
        />
      </div>
      {rows.length > 0 && <div className="border-t px-4 py-2.5">{props.foot}</div>}
    </Card>
  )
}

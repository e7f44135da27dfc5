'use client'

import { useTranslations } from 'next-intl'
import { type ReactNode, useMemo } from 'react'
import { Card } from '@/app/_ui/card'
import { cx } from '@/app/_ui/cx'
import { Table } from '@/app/_ui/table'
import type { Cell, Column, Row } from '@/app/_ui/table-rows'
import type { RealServerView } from './real-server-view'
import { StateWords, stateOf } from './state-words'
import { BytesCell, Figure, NameCell, ShareCell, WeightCell } from './table-cells'
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

const nameOf = ({ id, name, index, isUnreachable, desired }: RealServerView) => ({
  ...{ id, name, index, isUnreachable },
  ...(desired !== undefined && { desired }),
})

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
          node: <NameCell {...nameOf(row)} clusterId={clusterId} />,
        },
        state: { sort: t(`rowState.${row.state}`), node: <StateWords {...stateOf(row)} /> },
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

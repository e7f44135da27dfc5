'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import { useLocale, useTranslations } from 'next-intl'
import { type ReactNode, useState } from 'react'
import { cx } from './cx'
import { Icon } from './icon'
import {
  type Column,
  filterRows,
  formatSort,
  parseSort,
  type Row,
  type Sort,
  sortRows,
} from './table-rows'

type Props = {
  /** Says what the table holds; for screen readers. */
  caption: string
  columns: readonly Column[]
  rows: readonly Row[]
  /** Shown in place of the table when there are no rows. */
  empty?: ReactNode
  initialSort?: Sort
  /** The name of the sort in the address; another one for each table of a page. */
  sortParam?: string
  /** Offers a field to filter by, with these words in it. */
  filterLabel?: string
}

/** The sort is state of the page: it lives in its address, without a round trip to the server. */
function useSort(columns: readonly Column[], param: string, initial: Sort | undefined) {
  const search = useSearchParams()
  const pathname = usePathname()
  const sort = parseSort(search.get(param), columns) ?? initial
  const toggle = (column: string) => {
    const descending = sort?.column === column && !sort.descending
    const next = new URLSearchParams(search)
    next.set(param, formatSort({ column, descending }))
    window.history.replaceState(null, '', `${pathname}?${next}`)
  }
  return { sort, toggle }
}

/** On a phone rows are blocks, and Safari drops the roles of table elements that are: so they are said. */
const ROLE = {
  table: { role: 'table' },
  rows: { role: 'rowgroup' },
  row: { role: 'row' },
  head: { role: 'columnheader' },
  cell: { role: 'cell' },
} as const

type HeadProps = { column: Column; sort: Sort | undefined; onToggle: (id: string) => void }

function SortButton({ column, sort, onToggle }: HeadProps) {
  const isSorted = sort?.column === column.id
  return (
    <button
      type="button"
      onClick={() => onToggle(column.id)}
      className={cx(
        'inline-flex items-baseline gap-1 rounded-chip hover:text-text',
        column.align === 'end' && 'flex-row-reverse',
        isSorted && 'text-text',
      )}
    >
      {column.label}
      <Icon
        name={isSorted && sort.descending ? 'arrow-down' : 'arrow-up'}
        size={12}
        className={cx('self-center', !isSorted && 'opacity-0')}
      />
    </button>
  )
}

function HeadCell({ column, sort, onToggle }: HeadProps) {
  const order = sort?.descending === true ? 'descending' : 'ascending'
  const ariaSort = sort?.column === column.id ? order : 'none'
  return (
    <th
      {...ROLE.head}
      scope="col"
      aria-sort={column.sortable === true ? ariaSort : undefined}
      className={cx(
        'h-9 whitespace-nowrap px-2 font-normal text-muted text-sm first:pl-4 last:pr-4',
        column.align === 'end' ? 'text-right' : 'text-left',
        column.width,
      )}
    >
      {column.sortable === true ? (
        <SortButton column={column} sort={sort} onToggle={onToggle} />
      ) : (
        <span className={column.hideLabel === true ? 'sr-only' : undefined}>{column.label}</span>
      )}
    </th>
  )
}

function BodyRow({ row, columns }: { row: Row; columns: readonly Column[] }) {
  return (
    <tr
      {...ROLE.row}
      className={cx(
        'border-t transition-colors hover:bg-hover max-md:flex max-md:flex-wrap max-md:items-center max-md:gap-x-4 max-md:gap-y-1 max-md:px-4 max-md:py-2.5',
        row.muted === true && 'text-muted',
      )}
    >
      {columns.map((column, index) => (
        <td
          key={column.id}
          {...ROLE.cell}
          data-label={column.label}
          className={cx(
            'h-9 px-2 py-1.5 first:pl-4 last:pr-4 pointer-coarse:h-11 max-md:h-auto! max-md:p-0!',
            column.align === 'end' && 'text-right max-md:text-left',
            index === 0 && 'max-md:w-full',
            // On a phone every value needs its name, because the head is gone.
            index > 0 &&
              column.hideLabel !== true &&
              'max-md:before:mr-1.5 max-md:before:text-muted max-md:before:text-sm max-md:before:content-[attr(data-label)]',
          )}
        >
          {row.cells[column.id]?.node}
        </td>
      ))}
    </tr>
  )
}

/** Rows that can be sorted, filtered and reached by keyboard; on a phone each row becomes a block. */
export function Table(props: Props) {
  const { caption, columns, rows, empty, filterLabel, sortParam = 'sort' } = props
  const t = useTranslations('common.table')
  const locale = useLocale()
  const [filter, setFilter] = useState('')
  const { sort, toggle } = useSort(columns, sortParam, props.initialSort)
  if (rows.length === 0) return empty
  const shown = sortRows(filterRows(rows, filter), sort, locale)
  return (
    <>
      {filterLabel !== undefined && (
        <div className="relative flex items-center border-b px-4 py-2">
          <Icon name="search" size={14} className="absolute left-6.5 text-muted" />
          <input
            type="search"
            aria-label={filterLabel}
            placeholder={filterLabel}
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
            className="control-height w-64 max-w-full rounded-control border border-control bg-raised pr-2 pl-8 text-sm"
          />
        </div>
      )}
      <table {...ROLE.table} className="w-full border-collapse text-base max-md:block">
        <caption className="sr-only">{caption}</caption>
        <thead {...ROLE.rows} className="max-md:sr-only">
          <tr {...ROLE.row}>
            {columns.map((column) => (
              <HeadCell key={column.id} column={column} sort={sort} onToggle={toggle} />
            ))}
          </tr>
        </thead>
        <tbody {...ROLE.rows} className="max-md:block">
          {shown.map((row) => (
            <BodyRow key={row.id} row={row} columns={columns} />
          ))}
        </tbody>
      </table>
      <p role="status" className={shown.length === 0 ? 'px-4 py-6 text-muted text-sm' : 'sr-only'}>
        {filter === '' ? '' : t('shown', { shown: shown.length, total: rows.length })}
      </p>
    </>
  )
}

'use client'

import { useTranslations } from 'next-intl'
import { ItemName } from '@/app/_components/item-name'
import { State } from '@/app/_ui/state'
import { Table } from '@/app/_ui/table'
import type { Cell, Row } from '@/app/_ui/table-rows'
import { formatItem } from '@/lib/lvs/ledger'
import type { SavedRow } from '@/lib/lvs/survives'
import { useOnlyDifferences } from './only-differences'
import { ROW_LOOK } from './survival-looks'

/** What a boot would make worst comes first. */
const ORDER: SavedRow['state'][] = ['unsaved', 'differs', 'returns', 'unapplied', 'same']

function useValue(): (text: string | undefined) => Cell {
  const t = useTranslations('saves.table')
  return (text) => ({
    sort: text,
    node:
      text === undefined ? (
        <span className="text-muted">
          <span aria-hidden>–</span>
          <span className="sr-only">{t('absent')}</span>
        </span>
      ) : (
        <span className="wrap-anywhere font-mono text-sm">{text === '' ? '""' : text}</span>
      ),
  })
}

function useRow(): (row: SavedRow) => Row {
  const t = useTranslations('saves.rowState')
  const value = useValue()
  return ({ item, saved, running, desired, state }) => {
    const name = formatItem(item)
    const { tone, icon } = ROW_LOOK[state]
    return {
      id: name,
      cells: {
        item: {
          sort: name,
          node: (
            <span className="wrap-anywhere font-mono text-sm">
              <ItemName item={item} />
            </span>
          ),
        },
        saved: value(saved),
        running: value(running),
        desired: value(desired),
        state: {
          sort: `${ORDER.indexOf(state)} ${t(state)}`,
          node: (
            <State tone={tone} icon={icon} quiet>
              {t(state)}
            </State>
          ),
        },
      },
    }
  }
}

/** The same for every host, so that the eye can go down a column over all of them. */
const WIDTH = {
  item: 'lg:w-[44%]',
  saved: 'lg:w-[14%]',
  running: 'lg:w-[14%]',
  desired: 'lg:w-[14%]',
  state: 'lg:w-[14%]',
} as const

/** Each item three ways: in the files, in the kernel, as wanted. */
export function SurvivalTable({ hostName, rows }: { hostName: string; rows: readonly SavedRow[] }) {
  const t = useTranslations('saves.table')
  const { isOn } = useOnlyDifferences()
  const toRow = useRow()
  const shown = isOn ? rows.filter(({ state }) => state !== 'same') : rows
  const sorted = ORDER.flatMap((state) => shown.filter((row) => row.state === state))
  return (
    <Table
      caption={t('caption', { host: hostName })}
      columns={(['item', 'saved', 'running', 'desired', 'state'] as const).map((id) => ({
        ...{ id, label: t(id), sortable: true, width: WIDTH[id] },
      }))}
      rows={sorted.map(toRow)}
      sortParam={`sort-${hostName}`}
      empty={<p className="px-4 py-3 text-muted text-sm">{t('allSame', { count: rows.length })}</p>}
    />
  )
}

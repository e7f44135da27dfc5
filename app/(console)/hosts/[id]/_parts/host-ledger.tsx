import { getFormatter, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ItemName } from '@/app/_components/item-name'
import { type HostView, isOfFiles } from '@/app/_components/read-hosts'
import { Card } from '@/app/_ui/card'
import { State } from '@/app/_ui/state'
import { Table } from '@/app/_ui/table'
import type { Row } from '@/app/_ui/table-rows'
import { TextLink } from '@/app/_ui/text-link'
import { PLAIN_LIST } from '@/app/_ui/use-format'
import { paths } from '@/app/paths'
import { listClusters } from '@/lib/db/clusters'
import { formatItem, type LedgerRow } from '@/lib/lvs/ledger'

function Value({ text, none }: { text: string | undefined; none: string }) {
  if (text === undefined) return <span className="text-muted text-sm">{none}</span>
  return <span className="break-words font-mono text-sm">{text === '' ? '""' : text}</span>
}

/** A file's text is not for a cell of a table. */
const lineCount = (text: string): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0)

/** What is ours on a host: each item with our value, the one before us, and who uses it. */
export async function HostLedger({ ours: rows, debts }: Pick<HostView, 'ours' | 'debts'>) {
  const t = await getTranslations('hosts.page')
  const format = await getFormatter()
  const names = new Map((await listClusters()).map(({ desired }) => [desired.id, desired.name]))
  const said = ({ item }: LedgerRow, text: string | undefined) =>
    item.kind !== 'file' || text === undefined ? text : t('lines', { count: lineCount(text) })
  const users = (row: LedgerRow): ReactNode => {
    if (isOfFiles(row.item))
      return <TextLink href={paths.saves({ kind: 'host', id: row.hostId })}>{t('bySave')}</TextLink>
    if (debts.includes(row))
      return (
        <span title={t('debtText')}>
          <State tone="warn" icon="wait" quiet>
            {t('debt')}
          </State>
        </span>
      )
    const links = row.clusters.map((id) => {
      const name = names.get(id)
      if (name === undefined) return <span key={id}>{t('deletedCluster')}</span>
      return (
        <TextLink key={id} href={paths.cluster(id)}>
          {name}
        </TextLink>
      )
    })
    return format.list(links, PLAIN_LIST)
  }
  const toRow = (row: LedgerRow): Row => {
    const item = formatItem(row.item)
    return {
      id: item,
      cells: {
        item: {
          sort: item,
          node: (
            <span className="break-words font-mono text-sm">
              <ItemName item={row.item} />
            </span>
          ),
        },
        value: {
          sort: said(row, row.written),
          node:
            row.state === 'intended' ? (
              <State tone="unknown" quiet>
                {t('intended')}
              </State>
            ) : (
              <Value text={said(row, row.written)} none={t('absent')} />
            ),
        },
        before: {
          sort: said(row, row.before),
          node: <Value text={said(row, row.before)} none={t('absent')} />,
        },
        usedBy: {
          sort: debts.includes(row)
            ? ''
            : format.list(
                row.clusters.map((id) => names.get(id) ?? id),
                PLAIN_LIST,
              ),
          node: users(row),
        },
      },
    }
  }
  return (
    <Card id="ours" title={t('ours')} note={t('oursNote')} padded={false}>
      <Table
        caption={t('ours')}
        columns={(['item', 'value', 'before', 'usedBy'] as const).map((id) => ({
          id,
          label: t(id),
          sortable: true,
        }))}
        rows={rows.map(toRow)}
        sortParam="ours"
        empty={<p className="p-4 text-muted text-sm">{t('oursNone')}</p>}
      />
    </Card>
  )
}

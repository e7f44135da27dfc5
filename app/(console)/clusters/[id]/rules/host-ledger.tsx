import { useTranslations } from 'next-intl'
import { ItemName } from '@/app/_components/item-name'
import { Card } from '@/app/_ui/card'
import { State } from '@/app/_ui/state'
import { Table } from '@/app/_ui/table'
import type { Row } from '@/app/_ui/table-rows'
import type { Tone } from '@/app/_ui/tone'
import { useList } from '@/app/_ui/use-format'
import { itemValue } from '@/lib/lvs/item-value'
import { formatItem, type LedgerRow } from '@/lib/lvs/ledger'
import type { HostState, Running } from '@/lib/lvs/running'

type Standing = { tone: Tone; word: 'unknown' | 'intended' | 'asWritten' | 'differs' }

function standingOf(row: LedgerRow, running: Running | undefined): Standing {
  if (running === undefined) return { tone: 'unknown', word: 'unknown' }
  if (row.state === 'intended') return { tone: 'unknown', word: 'intended' }
  const isAsWritten = itemValue(running, row.item) === row.written
  return isAsWritten ? { tone: 'ok', word: 'asWritten' } : { tone: 'warn', word: 'differs' }
}

/** What Tunboard has set on one host: before its first touch, written, and now. */
export function HostLedger({
  state,
  ledger,
  clusterNames,
}: {
  state: HostState
  ledger: readonly LedgerRow[]
  clusterNames: Readonly<Record<string, string>>
}) {
  const t = useTranslations('clusters.rules')
  const list = useList()
  const { host, running } = state
  const value = (text: string | undefined) => (
    <span className={text === undefined ? 'text-muted text-sm' : 'font-mono text-sm'}>
      {text ?? t('absentValue')}
    </span>
  )
  const toRow = (row: LedgerRow): Row => {
    const item = formatItem(row.item)
    const { tone, word } = standingOf(row, running)
    const users = list(row.clusters.map((id) => clusterNames[id] ?? id))
    const now = running === undefined ? undefined : itemValue(running, row.item)
    return {
      id: item,
      cells: {
        item: {
          node: (
            <span className="break-words font-mono text-sm">
              <ItemName item={row.item} />
            </span>
          ),
          sort: item,
        },
        before: { node: value(row.before), sort: row.before },
        written: { node: value(row.written), sort: row.written },
        now: { node: running === undefined ? t('unknown') : value(now), sort: now },
        state: {
          node: (
            <State tone={tone} quiet>
              {t(word)}
            </State>
          ),
          sort: t(word),
        },
        usedBy: { node: users, sort: users },
      },
    }
  }
  return (
    <Card
      title={t('ledger', { host: host.name })}
      note={ledger.length > 0 ? t('ledgerNote') : undefined}
      padded={false}
    >
      <Table
        caption={t('ledger', { host: host.name })}
        sortParam={`ledger-${host.name}`}
        columns={[
          { id: 'item', label: t('item'), sortable: true },
          { id: 'before', label: t('before') },
          { id: 'written', label: t('written') },
          { id: 'now', label: t('now') },
          { id: 'state', label: t('state'), sortable: true },
          { id: 'usedBy', label: t('usedBy'), sortable: true },
        ]}
        rows={ledger.map(toRow)}
        empty={<p className="px-4 py-3 text-muted text-sm">{t('ledgerEmpty')}</p>}
      />
    </Card>
  )
}

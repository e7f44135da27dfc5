import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { ItemName } from '@/app/_components/item-name'
import { useReasonText } from '@/app/_components/reason-words'
import { Card } from '@/app/_ui/card'
import { Disclosure } from '@/app/_ui/disclosure'
import { formatItem } from '@/lib/lvs/ledger'
import type { Bookkeeping, Debt, Note } from '@/lib/lvs/plan'
import { formatRealServerKey, formatServiceKey } from '@/lib/lvs/service'
import type { PlanView } from './plan-view'

/** A host beside what is said of it. */
function Row({ host, children }: { host: string; children: ReactNode }) {
  return (
    <li className="grid gap-x-4 border-t px-4 py-2.5 first:border-t-0 sm:grid-cols-[10rem_minmax(0,1fr)]">
      <span className="truncate font-strong">{host}</span>
      <div className="min-w-0 max-w-[84ch] text-pretty break-words text-sm">{children}</div>
    </li>
  )
}

function Debts({ debts }: { debts: readonly Debt[] }) {
  const t = useTranslations('plan.debts')
  const text = useReasonText()
  return (
    <Card title={t('title')} note={t('note')} padded={false}>
      <ul>
        {debts.map(({ hostId, hostName, items, why }) => (
          <Row key={hostId} host={hostName}>
            <p className="mb-1">{text(why).what}</p>
            <Disclosure summary={t('items', { count: items.length })}>
              <ul className="font-mono text-muted text-sm">
                {items.map((item) => (
                  <li key={formatItem(item)}>
                    <ItemName item={item} />
                  </li>
                ))}
              </ul>
            </Disclosure>
          </Row>
        ))}
      </ul>
    </Card>
  )
}

function Notes({ notes }: { notes: readonly Note[] }) {
  const t = useTranslations('plan.notes')
  const text = useReasonText()
  return (
    <Card title={t('title')} padded={false}>
      <ul>
        {notes.map(({ hostId, hostName, why }) => (
          <Row key={`${hostId} ${text(why).what}`} host={hostName}>
            {text(why).what}
          </Row>
        ))}
      </ul>
    </Card>
  )
}

function Foreigners({ foreign }: { foreign: PlanView['foreign'] }) {
  const t = useTranslations('plan.foreign')
  return (
    <Card title={t('title')} note={t('note')} padded={false}>
      <ul>
        {foreign.map(({ hostId, hostName, services, entries, unreadable }) => (
          <Row key={hostId} host={hostName}>
            <ul>
              {services.map((key) => (
                <li key={formatServiceKey(key)}>
                  {t('service', { service: formatServiceKey(key) })}
                </li>
              ))}
              {entries.map(({ service, realServer }) => {
                const values = {
                  service: formatServiceKey(service),
                  realServer: formatRealServerKey(realServer),
                }
                return <li key={`${values.service} ${values.realServer}`}>{t('entry', values)}</li>
              })}
              {unreadable.map((line) => (
                <li key={line}>{t('unreadable', { line })}</li>
              ))}
            </ul>
          </Row>
        ))}
      </ul>
    </Card>
  )
}

function LedgerOnly({ view }: { view: PlanView }) {
  const t = useTranslations('plan.ledger')
  const { clusterId, bookkeeping } = view.plan
  const wordOf = ({ clusters }: Bookkeeping) => {
    if (clusterId !== undefined && clusters.includes(clusterId)) return t('shared')
    return t(clusters.length === 0 ? 'forgotten' : 'kept')
  }
  return (
    <Card title={t('title')} note={t('note')} padded={false}>
      <ul>
        {bookkeeping.map((row) => (
          <Row
            key={`${row.hostId} ${formatItem(row.item)}`}
            host={view.hostNames[row.hostId] ?? row.hostId}
          >
            <span className="font-mono">
              <ItemName item={row.item} />
            </span>
            <span className="text-muted"> · {wordOf(row)}</span>
          </Row>
        ))}
      </ul>
    </Card>
  )
}

/** What a plan says besides its steps: what waits, what stays, what is left alone. */
export function PlanAsides({ view }: { view: PlanView }) {
  const { debts, notes, bookkeeping } = view.plan
  return (
    <>
      {debts.length > 0 && <Debts debts={debts} />}
      {notes.length > 0 && <Notes notes={notes} />}
      {view.foreign.length > 0 && <Foreigners foreign={view.foreign} />}
      {bookkeeping.length > 0 && <LedgerOnly view={view} />}
    </>
  )
}

import { useTranslations } from 'next-intl'
import { HostNotes, HostRow } from '@/app/_components/host-notes'
import { ItemName } from '@/app/_components/item-name'
import { useReasonText } from '@/app/_components/reason-words'
import { Card } from '@/app/_ui/card'
import { Disclosure } from '@/app/_ui/disclosure'
import { formatItem } from '@/lib/lvs/ledger'
import type { Bookkeeping, Debt } from '@/lib/lvs/plan'
import { formatRealServerKey, formatServiceKey } from '@/lib/lvs/service'
import type { PlanView } from './plan-view'

function Debts({ debts }: { debts: readonly Debt[] }) {
  const t = useTranslations('plan.debts')
  const text = useReasonText()
  return (
    <Card title={t('title')} note={t('note')} padded={false}>
      <ul>
        {debts.map(({ hostId, hostName, items, why }) => (
          <HostRow key={hostId} host={hostName}>
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
          </HostRow>
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
          <HostRow key={hostId} host={hostName}>
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
          </HostRow>
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
          <HostRow
            key={`${row.hostId} ${formatItem(row.item)}`}
            host={view.hostNames[row.hostId] ?? row.hostId}
          >
            <span className="font-mono">
              <ItemName item={row.item} />
            </span>
            <span className="text-muted"> · {wordOf(row)}</span>
          </HostRow>
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
      <HostNotes notes={notes} />
      {view.foreign.length > 0 && <Foreigners foreign={view.foreign} />}
      {bookkeeping.length > 0 && <LedgerOnly view={view} />}
    </>
  )
}

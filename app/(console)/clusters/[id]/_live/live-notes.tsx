'use client'

import { useTranslations } from 'next-intl'
import { Moment } from '@/app/_ui/age'
import { Banner } from '@/app/_ui/banner'
import { LinkButton } from '@/app/_ui/link-button'
import { paths } from '@/app/paths'
import { AbsentNote, DeniedNote, LostNote } from './director-notes'
import { OverNote, WaitingNote } from './drain-notes'
import type { LiveStore } from './live-store'
import type { Comparison, DebtView, PageFacts } from './page-facts'
import type { RealServerView, ServiceView } from './real-server-view'

/** What stays on a host that cannot be reached, until it is back. */
function DebtNote({ debt, clusterId }: { debt: DebtView; clusterId: string }) {
  const t = useTranslations('live.debt')
  const { hostName, items, since } = debt
  return (
    <Banner
      tone="warn"
      icon="wait"
      title={t('title', { host: hostName })}
      actions={
        <LinkButton size="sm" href={paths.clusterPlan(clusterId)}>
          {t('plan')}
        </LinkButton>
      }
    >
      {t('text', { count: items })}{' '}
      {since !== undefined &&
        t.rich('since', { host: hostName, moment: () => <Moment at={since} /> })}
    </Banner>
  )
}

function NeverAppliedNote({ clusterId }: { clusterId: string }) {
  const t = useTranslations('live.neverApplied')
  return (
    <Banner
      tone="info"
      icon="plan"
      title={t('title')}
      actions={
        <LinkButton variant="primary" href={paths.clusterPlan(clusterId)}>
          {t('review')}
        </LinkButton>
      }
    >
      {t('text')}
    </Banner>
  )
}

type Props = {
  facts: PageFacts
  comparison: Comparison
  store: LiveStore
  services: readonly { service: ServiceView; rows: readonly RealServerView[] }[]
  onUndo: (service: string, row: RealServerView) => void
}

/** What a person should know before the figures, the worst first; nothing when all is well. */
export function LiveNotes({ facts, comparison, store, services, onUndo }: Props) {
  const t = useTranslations('live')
  const { clusterId, mayChange } = facts
  const { debts, foreign, over } = comparison
  const directors = store.read().snapshot?.directors ?? []
  const lost = directors.filter((each) => each.lost !== undefined)
  const absent = facts.isNeverApplied ? [] : directors.filter((each) => each.absent && !each.lost)
  const draining = services.flatMap(({ service, rows }) =>
    rows
      .filter(({ state }) => state === 'draining')
      .map((row) => ({ service: service.key, endpoint: service.endpoint, row })),
  )
  return (
    <>
      {lost.map((director) => (
        <LostNote
          key={director.hostId}
          director={director}
          since={store.toOwnClock(director.lost?.since ?? 0)}
        />
      ))}
      {absent.map((director) => (
        <AbsentNote key={director.hostId} director={director} clusterId={clusterId} />
      ))}
      {directors.map((director) => (
        <DeniedNote key={director.hostId} director={director} />
      ))}
      {facts.isNeverApplied && <NeverAppliedNote clusterId={clusterId} />}
      {over !== undefined && <OverNote state={over} clusterId={clusterId} />}
      {draining.map(({ service, endpoint, row }) =>
        row.drain === undefined ? null : (
          <WaitingNote
            key={`${service} ${row.id}`}
            drain={row.drain}
            service={services.length > 1 ? endpoint : undefined}
            row={row}
            mayChange={mayChange}
            onUndo={() => onUndo(service, row)}
          />
        ),
      )}
      {debts.map((debt) => (
        <DebtNote key={debt.hostId} debt={debt} clusterId={clusterId} />
      ))}
      {foreign.map(({ hostName, services }) => (
        <p key={hostName} className="text-muted text-sm">
          {t('foreignServices', { host: hostName, count: services })}
        </p>
      ))}
    </>
  )
}

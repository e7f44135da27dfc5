'use client'

import { useTranslations } from 'next-intl'
import { useReasonText } from '@/app/_components/reason-words'
import { Age, Moment } from '@/app/_ui/age'
import { Banner } from '@/app/_ui/banner'
import { Button } from '@/app/_ui/button'
import { Countdown } from '@/app/_ui/countdown'
import { LinkButton } from '@/app/_ui/link-button'
import { paths } from '@/app/paths'
import type { LiveDirector } from '@/lib/lvs/live'
import type { LiveStore } from './live-store'
import type { Comparison, DebtView, PageFacts } from './page-facts'
import type { DrainView, RealServerView, ServiceView } from './real-server-view'

/** A director that cannot be read: what is shown of it is old, and looks so. */
function LostNote({ director, since }: { director: LiveDirector; since: number }) {
  const t = useTranslations('live.lost')
  const textOf = useReasonText()
  if (director.lost === undefined) return null
  const { what, todo } = textOf(director.lost.reason)
  return (
    <Banner
      tone="bad"
      icon="unplugged"
      title={t.rich('title', { host: director.name, moment: () => <Moment at={since} /> })}
      actions={
        <LinkButton size="sm" href={paths.host(director.hostId)}>
          {t('show')}
        </LinkButton>
      }
    >
      {what}. {todo} {t('text')}
    </Banner>
  )
}

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
      {since !== undefined && t.rich('since', { moment: () => <Moment at={since} /> })}
    </Banner>
  )
}

/** A drain that goes on: what is left, how long at most, and the way back. */
function WaitingNote({
  drain,
  service,
  row,
  mayChange,
  onUndo,
}: {
  drain: DrainView
  /** Named where the cluster has several. */
  service: string | undefined
  row: RealServerView
  mayChange: boolean
  onUndo: () => void
}) {
  const t = useTranslations('live.drain')
  const viewer = useTranslations('live.menu')('viewer')
  const time = () => <Countdown to={drain.deadlineAt} className="font-mono" />
  return (
    <Banner
      tone="info"
      icon="wait"
      title={
        service === undefined
          ? t('title2', { name: row.name })
          : t('title2In', { name: row.name, service })
      }
      actions={
        <Button
          size="sm"
          icon="undo"
          onClick={onUndo}
          disabledReason={mayChange ? undefined : viewer}
        >
          {t('undo')}
        </Button>
      }
    >
      {row.active === undefined
        ? t.rich('waitingUnknown', { time })
        : t.rich('waiting', { active: row.active, time })}{' '}
      <span className="text-muted">
        {t.rich('startedBy', { who: drain.startedBy, age: () => <Age at={drain.startedAt} /> })}
      </span>
    </Banner>
  )
}

/** A drain that is over and has not come to its end by itself. */
function OverNote({ state, clusterId }: { state: 'ended' | 'failed'; clusterId: string }) {
  const t = useTranslations('live.drain')
  return (
    <Banner
      tone={state === 'ended' ? 'warn' : 'bad'}
      title={t(`${state}.title`)}
      actions={
        <>
          <LinkButton size="sm" variant="primary" href={paths.clusterPlan(clusterId)}>
            {t('review')}
          </LinkButton>
          {state === 'failed' && (
            <LinkButton size="sm" href={paths.cluster(clusterId, 'history')}>
              {t('showApplies')}
            </LinkButton>
          )}
        </>
      }
    >
      {t(`${state}.text`)}
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
  const lost = store.read().snapshot?.directors.filter((each) => each.lost !== undefined) ?? []
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

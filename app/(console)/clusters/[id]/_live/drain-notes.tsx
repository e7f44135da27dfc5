'use client'

import { useTranslations } from 'next-intl'
import { Age } from '@/app/_ui/age'
import { Banner } from '@/app/_ui/banner'
import { Button } from '@/app/_ui/button'
import { Countdown } from '@/app/_ui/countdown'
import { LinkButton } from '@/app/_ui/link-button'
import { paths } from '@/app/paths'
import type { DrainView, RealServerView } from './real-server-view'

/** A drain that goes on: what is left, how long at most, and the way back. */
export function WaitingNote({
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
export function OverNote({ state, clusterId }: { state: 'ended' | 'failed'; clusterId: string }) {
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

'use client'

import { useTranslations } from 'next-intl'
import { useReasonText } from '@/app/_components/reason-words'
import { Moment } from '@/app/_ui/age'
import { Banner } from '@/app/_ui/banner'
import { LinkButton } from '@/app/_ui/link-button'
import { paths } from '@/app/paths'
import type { LiveDirector } from '@/lib/lvs/live'

/** A director that cannot be read: what is shown of it is old, and looks so. */
export function LostNote({ director, since }: { director: LiveDirector; since: number }) {
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

/** A director whose table is read, but not its totals: there are counts, and nothing that comes from totals. */
export function DeniedNote({ director }: { director: LiveDirector }) {
  const t = useTranslations('live.denied')
  const textOf = useReasonText()
  if (director.denied === undefined) return null
  return (
    <Banner tone="warn" title={t('title', { host: director.name })}>
      {textOf(director.denied).what}. {t('todo')}
    </Banner>
  )
}

/** A director without ip_vs, although something of ours was there. */
export function AbsentNote({ director, clusterId }: { director: LiveDirector; clusterId: string }) {
  const t = useTranslations('live.absent')
  return (
    <Banner
      tone="bad"
      title={t('title', { host: director.name })}
      actions={
        <LinkButton size="sm" variant="primary" href={paths.clusterPlan(clusterId)}>
          {t('review')}
        </LinkButton>
      }
    >
      {t('text')}
    </Banner>
  )
}

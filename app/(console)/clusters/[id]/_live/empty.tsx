'use client'

import { useTranslations } from 'next-intl'
import { EmptyState } from '@/app/_ui/empty-state'
import { LinkButton } from '@/app/_ui/link-button'
import { paths } from '@/app/paths'
import type { ServiceView } from './real-server-view'

type Props = { clusterId: string; service: ServiceView; mayChange: boolean }

/** A virtual service that refuses everybody, because nobody is behind it. */
export function NoRealServers({ clusterId, service, mayChange }: Props) {
  const t = useTranslations('live.empty.noRealServer')
  return (
    <EmptyState
      icon="host"
      title={t('title')}
      actions={
        mayChange && (
          <LinkButton
            icon="add"
            variant="primary"
            href={paths.realServerNew(clusterId, service.id)}
          >
            {t('action')}
          </LinkButton>
        )
      }
    >
      {t('text')}
    </EmptyState>
  )
}

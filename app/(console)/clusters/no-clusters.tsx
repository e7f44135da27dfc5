import { useTranslations } from 'next-intl'
import { EmptyState } from '@/app/_ui/empty-state'
import { LinkButton } from '@/app/_ui/link-button'
import { paths } from '@/app/paths'

/** What would be here, and the next step: hosts first, then a cluster of them. */
export function NoClusters({ hasHosts, mayChange }: { hasHosts: boolean; mayChange: boolean }) {
  const t = useTranslations('clusters')
  if (!hasHosts) {
    return (
      <EmptyState
        icon="host"
        title={t('list.noHostsTitle')}
        actions={
          mayChange && (
            <LinkButton href={paths.hostNew} variant="primary" icon="add">
              {t('list.addHost')}
            </LinkButton>
          )
        }
      >
        {t('list.noHostsText')}
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon="cluster"
      title={t('list.emptyTitle')}
      actions={
        <>
          {mayChange && (
            <LinkButton href={paths.clusterNew} variant="primary" icon="add">
              {t('new')}
            </LinkButton>
          )}
          {mayChange && <LinkButton href={paths.clusterAdopt()}>{t('adopt')}</LinkButton>}
          <LinkButton href={paths.hosts}>{t('list.seeHosts')}</LinkButton>
        </>
      }
    >
      {t('list.emptyText')}
    </EmptyState>
  )
}

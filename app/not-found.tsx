import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_ui/empty-state'
import { LinkButton } from '@/app/_ui/link-button'
import { paths } from './paths'

/** An address that leads nowhere, or to something that was deleted. */
export default async function NotFoundPage() {
  const t = await getTranslations('common.notFound')
  return (
    <div className="mx-auto flex min-h-[70dvh] max-w-xl flex-col justify-center px-4">
      <h1 className="sr-only">{t('title')}</h1>
      <EmptyState
        icon="search"
        title={t('title')}
        actions={<LinkButton href={paths.overview}>{t('action')}</LinkButton>}
      >
        {t('text')}
      </EmptyState>
    </div>
  )
}

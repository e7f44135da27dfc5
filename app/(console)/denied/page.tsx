import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_ui/empty-state'
import { LinkButton } from '@/app/_ui/link-button'
import { paths } from '@/app/paths'
import { firstOf, type SearchParams } from '@/app/search-params'
import { requireSession } from '@/app/session'
import { parseRole } from '@/lib/auth/roles'

/** Where requireSession leads whoever's role does not reach. */
export default async function DeniedPage({ searchParams }: { searchParams: SearchParams }) {
  const { user } = await requireSession()
  const needed = parseRole(firstOf((await searchParams).needed))
  const t = await getTranslations('common.denied')
  const role = await getTranslations('common.role')
  return (
    <>
      <h1 className="sr-only">{t('title')}</h1>
      <EmptyState
        icon="refused"
        title={t('title')}
        actions={<LinkButton href={paths.overview}>{t('action')}</LinkButton>}
      >
        {t('text', { needed: role(needed), role: role(user.role) })}
      </EmptyState>
    </>
  )
}

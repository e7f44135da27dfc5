import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { readHosts } from '@/app/_components/read-hosts'
import { Card } from '@/app/_ui/card'
import { EmptyState } from '@/app/_ui/empty-state'
import { LinkButton } from '@/app/_ui/link-button'
import { PageHead } from '@/app/_ui/page-head'
import { paths } from '@/app/paths'
import { requireSession } from '@/app/session'
import { reaches } from '@/lib/auth/roles'
import { HostTable } from './host-table'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('hosts'))('title') }
}

/** The machines that Tunboard reaches by SSH. */
export default async function HostsPage() {
  const { user } = await requireSession()
  const hosts = await readHosts()
  const t = await getTranslations('hosts')
  const mayChange = reaches(user.role, 'operator')
  const add = (
    <LinkButton href={paths.hostNew} variant="primary" icon="add">
      {t('add')}
    </LinkButton>
  )
  return (
    <>
      <PageHead
        title={t('title')}
        state={t('note', { count: hosts.length })}
        actions={hosts.length > 0 && mayChange && add}
      />
      <Card padded={false}>
        {hosts.length > 0 ? (
          <HostTable hosts={hosts} />
        ) : (
          <EmptyState icon="host" title={t('empty.title')} actions={mayChange && add}>
            {t('empty.text')}
          </EmptyState>
        )}
      </Card>
    </>
  )
}

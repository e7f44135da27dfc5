import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Suspense } from 'react'
import { Card } from '@/app/_ui/card'
import { EmptyState } from '@/app/_ui/empty-state'
import { LinkButton } from '@/app/_ui/link-button'
import { PageHead } from '@/app/_ui/page-head'
import { Reading } from '@/app/(console)/_saves/reading'
import { paths } from '@/app/paths'
import { firstOf, type SearchParams } from '@/app/search-params'
import { requireSession } from '@/app/session'
import { listApprovedHosts } from '@/lib/db/hosts'
import type { HostRef } from '@/lib/lvs/running'
import { Offer, type Query } from './offer'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('adopt'))('title') }
}

function valuesOf(value: string | string[] | undefined): string[] {
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}

async function Directors({ hosts, chosen }: { hosts: readonly HostRef[]; chosen?: string }) {
  const t = await getTranslations('adopt')
  return (
    <Card title={t('director')} note={t('directorNote')}>
      <div className="flex flex-wrap gap-2">
        {hosts.map(({ id, name }) => (
          <LinkButton
            key={id}
            href={paths.clusterAdopt(id)}
            variant={id === chosen ? 'primary' : 'secondary'}
            icon={id === chosen ? 'check' : 'host'}
          >
            {name}
          </LinkButton>
        ))}
      </div>
    </Card>
  )
}

/** Makes a cluster of what runs already: director, services, preview, and nothing is sent to a host. */
export default async function AdoptPage({ searchParams }: { searchParams: SearchParams }) {
  await requireSession('operator')
  const t = await getTranslations('adopt')
  const clusters = await getTranslations('clusters')
  const { director: given, service, name, dip } = await searchParams
  const hosts = await listApprovedHosts()
  const director = hosts.find(({ id }) => id === firstOf(given))
  const [aName, aDip] = [firstOf(name), firstOf(dip)]
  const query: Query = {
    services: valuesOf(service),
    ...(aName !== undefined && { name: aName.trim() }),
    ...(aDip !== undefined && { dip: aDip }),
  }
  return (
    <>
      <PageHead
        parent={{ href: paths.clusters, label: clusters('title') }}
        title={t('title')}
        state={t('intro')}
      />
      <div className="flex max-w-[60rem] flex-col gap-6">
        {hosts.length === 0 ? (
          <Card>
            <EmptyState
              icon="host"
              title={clusters('list.noHostsTitle')}
              actions={
                <LinkButton href={paths.hostNew} variant="primary" icon="add">
                  {clusters('list.addHost')}
                </LinkButton>
              }
            >
              {t('noHosts')}
            </EmptyState>
          </Card>
        ) : (
          <Directors hosts={hosts} {...(director !== undefined && { chosen: director.id })} />
        )}
        {director !== undefined && (
          <Suspense key={director.id} fallback={<Reading hosts={hosts.length} />}>
            <Offer director={director} query={query} />
          </Suspense>
        )}
      </div>
    </>
  )
}

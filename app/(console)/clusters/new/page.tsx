import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Card } from '@/app/_ui/card'
import { EmptyState } from '@/app/_ui/empty-state'
import { LinkButton } from '@/app/_ui/link-button'
import { PageHead } from '@/app/_ui/page-head'
import { paths } from '@/app/paths'
import { requireSession } from '@/app/session'
import { readKnownAddresses } from '@/lib/ops/check-address'
import { hostChoices } from '../_form/host-choice'
import { ClusterForm } from './cluster-form'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('clusters.form'))('title') }
}

/** A whole cluster in one form, in the order in which an operator thinks of it. */
export default async function NewClusterPage() {
  await requireSession('operator')
  const t = await getTranslations('clusters')
  const { hosts, choices } = await readKnownAddresses()
  return (
    <>
      <PageHead
        parent={{ href: paths.clusters, label: t('title') }}
        title={t('form.title')}
        state={t('form.intro')}
      />
      {hosts.length === 0 ? (
        <Card>
          <EmptyState
            icon="host"
            title={t('list.noHostsTitle')}
            actions={
              <LinkButton href={paths.hostNew} variant="primary" icon="add">
                {t('list.addHost')}
              </LinkButton>
            }
          >
            {t('list.noHostsText')}
          </EmptyState>
        </Card>
      ) : (
        <ClusterForm hosts={hostChoices(hosts, choices)} />
      )}
    </>
  )
}

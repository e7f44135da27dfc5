import { getTranslations } from 'next-intl/server'
import { readCluster } from '@/app/_components/read-cluster'
import { Card } from '@/app/_ui/card'
import { EmptyState } from '@/app/_ui/empty-state'
import { LinkButton } from '@/app/_ui/link-button'
import { paths } from '@/app/paths'
import { firstOf, type SearchParams } from '@/app/search-params'
import { requireSession } from '@/app/session'
import { readKnownAddresses } from '@/lib/ops/check-address'
import { hostChoices } from '../../../_form/host-choice'
import { NewRealServerForm } from './new-real-server-form'

/** One more real server of a cluster. */
export default async function NewRealServerPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>
  searchParams: SearchParams
}) {
  await requireSession('operator')
  const { desired, version } = await readCluster((await params).id)
  const t = await getTranslations('clusters')
  if (desired.services.length === 0) {
    return (
      <Card>
        <EmptyState
          icon="cluster"
          title={t('form.realServer.noServices')}
          actions={
            <LinkButton href={paths.serviceNew(desired.id)} variant="primary" icon="add">
              {t('addService')}
            </LinkButton>
          }
        />
      </Card>
    )
  }
  const { hosts, choices } = await readKnownAddresses()
  return (
    <NewRealServerForm
      target={{ clusterId: desired.id, version }}
      services={desired.services}
      directorIds={desired.directors.map(({ hostId }) => hostId)}
      serviceId={firstOf((await searchParams).service)}
      hosts={hostChoices(hosts, choices)}
    />
  )
}

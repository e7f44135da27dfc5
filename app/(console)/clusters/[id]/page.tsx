import { getTranslations } from 'next-intl/server'
import { readCluster } from '@/app/_components/read-cluster'
import { EmptyState } from '@/app/_ui/empty-state'
import { LinkButton } from '@/app/_ui/link-button'
import { paths } from '@/app/paths'
import { requireSession } from '@/app/session'
import { reaches } from '@/lib/auth/roles'
import { readLive } from '@/lib/ops/live'
import { LivePage } from './_live/live-page'
import { readComparison } from './_live/read-comparison'
import { readFacts } from './_live/read-facts'

async function NoService({ clusterId, mayChange }: { clusterId: string; mayChange: boolean }) {
  const t = await getTranslations('live.empty.noService')
  return (
    <div className="rounded-card border bg-raised">
      <EmptyState
        icon="topology"
        title={t('title')}
        actions={
          mayChange && (
            <LinkButton icon="add" variant="primary" href={paths.serviceNew(clusterId)}>
              {t('action')}
            </LinkButton>
          )
        }
      >
        {t('text')}
      </EmptyState>
    </div>
  )
}

/** What a cluster does now. */
export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { user } = await requireSession()
  const cluster = await readCluster((await params).id)
  const mayChange = reaches(user.role, 'operator')
  const facts = await readFacts(cluster, mayChange)
  const { clusterId, services, isNeverApplied } = facts
  if (services.length === 0 && isNeverApplied)
    return <NoService clusterId={clusterId} mayChange={mayChange} />
  // Not awaited: reading every host takes a second, or the time-out of one that is dead.
  return (
    <LivePage facts={facts} initial={readLive(clusterId)} comparison={readComparison(clusterId)} />
  )
}

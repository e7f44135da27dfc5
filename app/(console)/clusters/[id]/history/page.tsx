import { getTranslations } from 'next-intl/server'
import { readCluster } from '@/app/_components/read-cluster'
import { Card } from '@/app/_ui/card'
import { EmptyState } from '@/app/_ui/empty-state'
import { LinkButton } from '@/app/_ui/link-button'
import { paths } from '@/app/paths'
import { requireSession } from '@/app/session'
import { getApply, listApplies } from '@/lib/db/applies'
import { HistoryTable } from './history-table'

/** What was done on this cluster: each apply with who, when and how it ended. */
export default async function HistoryPage({ params }: { params: Promise<{ id: string }> }) {
  await requireSession()
  const { desired } = await readCluster((await params).id)
  const t = await getTranslations('apply.history')
  const applies = await listApplies({ clusterId: desired.id })
  // Its steps and what its watch saw are not in the list.
  const whole = await Promise.all(applies.map(({ id }) => getApply(id)))
  return (
    <Card padded={false}>
      {whole.length === 0 ? (
        <EmptyState
          icon="history"
          title={t('emptyTitle')}
          actions={
            <LinkButton href={paths.clusterPlan(desired.id)} icon="plan">
              {t('emptyAction')}
            </LinkButton>
          }
        >
          {t('emptyText')}
        </EmptyState>
      ) : (
        <HistoryTable applies={whole} />
      )}
    </Card>
  )
}

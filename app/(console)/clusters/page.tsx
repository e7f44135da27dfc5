import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { readClusters } from '@/app/_components/read-clusters'
import { Card } from '@/app/_ui/card'
import { LinkButton } from '@/app/_ui/link-button'
import { PageHead } from '@/app/_ui/page-head'
import { paths } from '@/app/paths'
import { requireSession } from '@/app/session'
import { reaches } from '@/lib/auth/roles'
import { listApplies } from '@/lib/db/applies'
import { listHosts } from '@/lib/db/hosts'
import { ClusterTable } from './cluster-table'
import { NoClusters } from './no-clusters'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('clusters'))('title') }
}

/** Every cluster as a row: what it is, whether it is well, who directs it. */
export default async function ClustersPage() {
  const { user } = await requireSession()
  const t = await getTranslations('clusters')
  const mayChange = reaches(user.role, 'operator')
  const clusters = await readClusters()
  const rows = await Promise.all(
    clusters.map(async ({ cluster, state }) => {
      const [last] = await listApplies({
        clusterId: cluster.desired.id,
        changes: 'running',
        limit: 1,
      })
      return { cluster, state, last }
    }),
  )
  return (
    <>
      <PageHead
        title={t('title')}
        actions={
          mayChange &&
          rows.length > 0 && (
            <>
              <LinkButton href={paths.clusterAdopt()}>{t('adopt')}</LinkButton>
              <LinkButton href={paths.clusterNew} variant="primary" icon="add">
                {t('new')}
              </LinkButton>
            </>
          )
        }
      />
      <Card padded={false}>
        {rows.length === 0 ? (
          <NoClusters hasHosts={(await listHosts()).length > 0} mayChange={mayChange} />
        ) : (
          <ClusterTable rows={rows} />
        )}
      </Card>
    </>
  )
}

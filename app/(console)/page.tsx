import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import type { ClusterWithState } from '@/app/_components/read-clusters'
import { type HostView, readHosts } from '@/app/_components/read-hosts'
import { readLiveHistory } from '@/app/_components/read-live-history'
import { readEdited } from '@/app/_components/read-saved'
import { RefreshEvery } from '@/app/_components/refresh-every'
import { Card } from '@/app/_ui/card'
import { LinkButton } from '@/app/_ui/link-button'
import { PageHead } from '@/app/_ui/page-head'
import { State } from '@/app/_ui/state'
import { paths } from '@/app/paths'
import { requireSession } from '@/app/session'
import { reaches } from '@/lib/auth/roles'
import { ClusterTable } from './_overview/cluster-table'
import { FirstSteps } from './_overview/first-steps'
import { NeedList } from './_overview/need-list'
import { needs, worstOf } from './_overview/needs'
import { type ClusterRow, readClusterRows } from './_overview/read-cluster-rows'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('overview'))('title') }
}

/** The director's counters are renewed every 2 s; a wall display needs no more than this. */
const REFRESH_SECONDS = 10

/** A cluster was applied, whatever came of it. */
const wasApplied = ({ state }: ClusterWithState) => !['never', 'empty'].includes(state.name)

function needsOf(
  clusters: readonly ClusterRow[],
  hosts: readonly HostView[],
  edited: ReadonlySet<string>,
) {
  return needs(
    clusters.map(({ cluster, state, saved, drift, undo }) => ({
      id: cluster.desired.id,
      name: cluster.desired.name,
      state: state.name,
      saved,
      drift,
      undo,
    })),
    hosts.map(({ host, state, serves }) => ({
      id: host.id,
      name: host.name,
      state,
      isUsed: serves.length > 0,
      isEdited: edited.has(host.id),
    })),
  )
}

/** What needs a person, then the clusters; quiet when all is well. */
export default async function OverviewPage() {
  const { user } = await requireSession()
  const mayChange = reaches(user.role, 'operator')
  const [clusters, hosts, edited] = await Promise.all([
    readClusterRows(),
    readHosts(),
    readEdited(),
  ])
  const t = await getTranslations('overview')
  const open = needsOf(clusters, hosts, edited)
  const isNew = !clusters.some(wasApplied)
  return (
    <>
      <RefreshEvery seconds={REFRESH_SECONDS} />
      <PageHead
        title={t('title')}
        state={
          !isNew && (
            <State tone={worstOf(open) ?? 'ok'} quiet>
              {open.length === 0 ? t('calm') : t('needs', { count: open.length })}
            </State>
          )
        }
      />
      <div className="grid grid-cols-1 gap-6">
        {isNew && mayChange && (
          <FirstSteps hosts={hosts.length} clusterId={clusters[0]?.cluster.desired.id} />
        )}
        {open.length > 0 && <NeedList needs={open} />}
        {clusters.length > 0 && (
          <Card
            id="clusters"
            title={t('clusters')}
            padded={false}
            actions={
              mayChange && (
                <LinkButton href={paths.clusterNew} size="sm" icon="add">
                  {t('addCluster')}
                </LinkButton>
              )
            }
          >
            <ClusterTable
              rows={clusters.map((row) => ({
                ...row,
                history: readLiveHistory(row.cluster.desired.id),
              }))}
            />
          </Card>
        )}
      </div>
    </>
  )
}

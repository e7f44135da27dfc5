import { getTranslations } from 'next-intl/server'
import { Suspense } from 'react'
import { readCluster } from '@/app/_components/read-cluster'
import { isOfFiles } from '@/app/_components/read-hosts'
import { readPlan } from '@/app/_components/read-plan'
import { Card } from '@/app/_ui/card'
import { SkeletonRows } from '@/app/_ui/skeleton'
import { requireSession } from '@/app/session'
import { listClusters } from '@/lib/db/clusters'
import { HostLedger } from './host-ledger'
import { HostTable } from './host-table'

async function Rules({ clusterId }: { clusterId: string }) {
  const { hosts, ledger, readAt } = await readPlan(clusterId, false)
  const clusters = await listClusters()
  const names = Object.fromEntries(clusters.map(({ desired: { id, name } }) => [id, name]))
  // Files are no part of what runs: the page Saved shows them.
  const rowsOf = (hostId: string) =>
    ledger.filter((row) => row.hostId === hostId && !isOfFiles(row.item))
  const hasTable = (hostId: string) => rowsOf(hostId).some(({ item }) => item.kind === 'service')
  const directs = (hostId: string) =>
    clusters.some(
      ({ desired: { id, directors } }) =>
        id === clusterId && directors.some((director) => director.hostId === hostId),
    )
  const directors = hosts.filter(({ host: { id } }) => directs(id) || hasTable(id))
  return (
    <div className="flex flex-col gap-6">
      {directors.map((state) => (
        <HostTable
          key={state.host.id}
          state={state}
          ledger={rowsOf(state.host.id)}
          readAt={readAt.getTime()}
        />
      ))}
      {hosts.map((state) => (
        <HostLedger
          key={state.host.id}
          state={state}
          ledger={rowsOf(state.host.id)}
          clusterNames={names}
        />
      ))}
    </div>
  )
}

/** The directors' tables as they are now, and on every host what of it is ours. */
export default async function RulesPage({ params }: { params: Promise<{ id: string }> }) {
  await requireSession()
  const { desired } = await readCluster((await params).id)
  const t = await getTranslations('clusters.rules')
  return (
    <Suspense
      fallback={
        <Card padded={false} title={t('reading')}>
          <SkeletonRows rows={4} label={t('reading')} />
        </Card>
      }
    >
      <Rules clusterId={desired.id} />
    </Suspense>
  )
}

import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Suspense } from 'react'
import { readCluster } from '@/app/_components/read-cluster'
import { PlanReading } from '@/app/(console)/_plan/plan-reading'
import { readPlanView } from '@/app/(console)/_plan/plan-view'
import type { SearchParams } from '@/app/search-params'
import { requireSession } from '@/app/session'
import { reaches } from '@/lib/auth/roles'
import { PlanScreen } from './plan-screen'

type Props = { params: Promise<{ id: string }>; searchParams: SearchParams }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireSession()
  const t = await getTranslations('plan')
  const { desired } = await readCluster((await params).id)
  return { title: t('metaTitle', { name: desired.name }) }
}

async function Plan(props: { clusterId: string; skipChecks: boolean; mayApply: boolean }) {
  const view = await readPlanView(props.clusterId, props.skipChecks)
  return <PlanScreen {...props} view={view} />
}

/** What would be done to make running as desired: every command, before anything has happened. */
export default async function PlanPage({ params, searchParams }: Props) {
  const session = await requireSession()
  const { id } = await params
  const skipChecks = (await searchParams).checks === 'skip'
  const { desired } = await readCluster(id)
  const hosts = new Set([
    ...desired.directors.map(({ hostId }) => hostId),
    ...desired.services.flatMap(({ realServers }) => realServers.map(({ hostId }) => hostId)),
  ])
  hosts.delete(undefined)
  return (
    <Suspense fallback={<PlanReading hosts={hosts.size} />}>
      <Plan
        clusterId={id}
        skipChecks={skipChecks}
        mayApply={reaches(session.user.role, 'operator')}
      />
    </Suspense>
  )
}

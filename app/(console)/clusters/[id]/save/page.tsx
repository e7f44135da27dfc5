import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Suspense } from 'react'
import { readCluster } from '@/app/_components/read-cluster'
import { readHostsToSave } from '@/app/_components/read-saved'
import type { Included } from '@/app/(console)/_saves/included'
import { readIncluded } from '@/app/(console)/_saves/read-included'
import { Reading } from '@/app/(console)/_saves/reading'
import { SaveScreen } from '@/app/(console)/_saves/save-screen'
import { saveView } from '@/app/(console)/_saves/save-view'
import { paths } from '@/app/paths'
import type { SearchParams } from '@/app/search-params'
import { requireSession } from '@/app/session'
import { reaches } from '@/lib/auth/roles'
import { planSaveNow } from '@/lib/ops/save-rules'

type Props = { params: Promise<{ id: string }>; searchParams: SearchParams }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireSession()
  const t = await getTranslations('saves.plan.save')
  const { desired } = await readCluster((await params).id)
  return { title: t('title', { name: desired.name }) }
}

async function Plan(props: { clusterId: string; include: Included[]; mayApply: boolean }) {
  const { clusterId, include, mayApply } = props
  const scope = { kind: 'cluster', id: clusterId } as const
  const t = await getTranslations('saves')
  const planned = await planSaveNow(scope, { include })
  return (
    <SaveScreen
      kind="save"
      view={saveView(planned, include)}
      mayApply={mayApply}
      hidden={scope}
      back={{ href: paths.saved(scope), label: t('backToSaved') }}
    />
  )
}

/** What Save would write into which file of which host, before anything has happened. */
export default async function ClusterSavePage({ params, searchParams }: Props) {
  const { user } = await requireSession()
  const { desired } = await readCluster((await params).id)
  const include = await readIncluded(searchParams)
  const hosts = await readHostsToSave(desired.id)
  return (
    <Suspense fallback={<Reading hosts={hosts.length} />}>
      <Plan clusterId={desired.id} include={include} mayApply={reaches(user.role, 'operator')} />
    </Suspense>
  )
}

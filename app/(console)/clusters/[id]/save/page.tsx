import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Suspense } from 'react'
import { readCluster } from '@/app/_components/read-cluster'
import { readHostsToSave } from '@/app/_components/read-saved'
import { readIncluded } from '@/app/(console)/_saves/read-included'
import { Reading } from '@/app/(console)/_saves/reading'
import { SavePlan } from '@/app/(console)/_saves/save-plan'
import type { SearchParams } from '@/app/search-params'
import { requireSession } from '@/app/session'
import { reaches } from '@/lib/auth/roles'

type Props = { params: Promise<{ id: string }>; searchParams: SearchParams }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireSession()
  const t = await getTranslations('saves.plan.save')
  const { desired } = await readCluster((await params).id)
  return { title: t('title', { name: desired.name }) }
}

/** What Save would write into which file of which host, before anything has happened. */
export default async function ClusterSavePage({ params, searchParams }: Props) {
  const { user } = await requireSession()
  const { desired } = await readCluster((await params).id)
  const include = await readIncluded(searchParams)
  const hosts = await readHostsToSave(desired.id)
  return (
    <Suspense fallback={<Reading hosts={hosts.length} />}>
      <SavePlan
        scope={{ kind: 'cluster', id: desired.id }}
        include={include}
        mayApply={reaches(user.role, 'operator')}
      />
    </Suspense>
  )
}

import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { readCluster } from '@/app/_components/read-cluster'
import { readHostsToSave } from '@/app/_components/read-saved'
import { SavesCard } from '@/app/(console)/_saves/saves-card'
import { requireSession } from '@/app/session'
import { listSaves } from '@/lib/db/saves'

type Props = { params: Promise<{ id: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireSession()
  const t = await getTranslations('saves.history')
  const { desired } = await readCluster((await params).id)
  return { title: t('metaTitle', { name: desired.name }) }
}

/** What was written into the files of this cluster's hosts, by whom and when. */
export default async function ClusterSavesPage({ params }: Props) {
  await requireSession()
  const { desired } = await readCluster((await params).id)
  const saves = await listSaves({ hostIds: await readHostsToSave(desired.id), limit: 200 })
  return <SavesCard saves={saves} scope={{ kind: 'cluster', id: desired.id }} />
}

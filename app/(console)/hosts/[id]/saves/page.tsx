import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { readHost } from '@/app/_components/read-host'
import { PageHead } from '@/app/_ui/page-head'
import { SavesCard } from '@/app/(console)/_saves/saves-card'
import { paths } from '@/app/paths'
import { requireSession } from '@/app/session'
import { listSaves } from '@/lib/db/saves'

type Props = { params: Promise<{ id: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireSession()
  const t = await getTranslations('saves.history')
  return { title: t('metaTitle', { name: (await readHost((await params).id)).host.name }) }
}

/** What was written into the files of this host, by whom and when. */
export default async function HostSavesPage({ params }: Props) {
  await requireSession()
  const { host } = await readHost((await params).id)
  const t = await getTranslations('saves.history')
  const saves = await listSaves({ hostIds: [host.id], limit: 200 })
  return (
    <>
      <PageHead
        parent={{ href: paths.host(host.id), label: host.name }}
        title={t('metaTitle', { name: host.name })}
      />
      <SavesCard saves={saves} scope={{ kind: 'host', id: host.id }} />
    </>
  )
}

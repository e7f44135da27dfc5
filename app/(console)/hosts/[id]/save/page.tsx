import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Suspense } from 'react'
import { readHost } from '@/app/_components/read-host'
import { PageHead } from '@/app/_ui/page-head'
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
  return { title: t('title', { name: (await readHost((await params).id)).host.name }) }
}

async function Plan(props: { hostId: string; include: Included[]; mayApply: boolean }) {
  const { hostId, include, mayApply } = props
  const scope = { kind: 'host', id: hostId } as const
  const t = await getTranslations('saves')
  const planned = await planSaveNow(scope, { include })
  return (
    <SaveScreen
      kind="save"
      view={saveView(planned, include)}
      mayApply={mayApply}
      hidden={scope}
      back={{ href: paths.saved(scope), label: t('backToHost') }}
    />
  )
}

/** What Save would write into which file of this host, for all clusters that it serves. */
export default async function HostSavePage({ params, searchParams }: Props) {
  const { user } = await requireSession()
  const { host } = await readHost((await params).id)
  const include = await readIncluded(searchParams)
  const t = await getTranslations('saves.plan.save')
  return (
    <>
      <PageHead
        parent={{ href: paths.host(host.id), label: host.name }}
        title={t('title', { name: host.name })}
        state={t('hostNote')}
      />
      <Suspense fallback={<Reading hosts={1} />}>
        <Plan hostId={host.id} include={include} mayApply={reaches(user.role, 'operator')} />
      </Suspense>
    </>
  )
}

import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Suspense } from 'react'
import { readHost } from '@/app/_components/read-host'
import { PageHead } from '@/app/_ui/page-head'
import { readIncluded } from '@/app/(console)/_saves/read-included'
import { Reading } from '@/app/(console)/_saves/reading'
import { SavePlan } from '@/app/(console)/_saves/save-plan'
import { paths } from '@/app/paths'
import type { SearchParams } from '@/app/search-params'
import { requireSession } from '@/app/session'
import { reaches } from '@/lib/auth/roles'

type Props = { params: Promise<{ id: string }>; searchParams: SearchParams }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireSession()
  const t = await getTranslations('saves.plan.save')
  return { title: t('title', { name: (await readHost((await params).id)).host.name }) }
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
        <SavePlan
          scope={{ kind: 'host', id: host.id }}
          include={include}
          mayApply={reaches(user.role, 'operator')}
        />
      </Suspense>
    </>
  )
}

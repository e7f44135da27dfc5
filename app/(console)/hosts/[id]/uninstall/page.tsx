import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Suspense } from 'react'
import { readHost } from '@/app/_components/read-host'
import { PageHead } from '@/app/_ui/page-head'
import { TextLink } from '@/app/_ui/text-link'
import { useList } from '@/app/_ui/use-format'
import { Reading } from '@/app/(console)/_saves/reading'
import { SaveScreen } from '@/app/(console)/_saves/save-screen'
import { saveView } from '@/app/(console)/_saves/save-view'
import { paths } from '@/app/paths'
import { requireSession } from '@/app/session'
import { reaches } from '@/lib/auth/roles'
import { planUninstallNow } from '@/lib/ops/uninstall'

type Props = { params: Promise<{ id: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireSession()
  const t = await getTranslations('saves.plan.uninstall')
  return { title: t('title', { name: (await readHost((await params).id)).host.name }) }
}

async function Plan({ hostId, mayApply }: { hostId: string; mayApply: boolean }) {
  const t = await getTranslations('saves')
  return (
    <SaveScreen
      kind="uninstall"
      view={saveView(await planUninstallNow(hostId))}
      mayApply={mayApply}
      hidden={{ hostId }}
      back={{ href: paths.host(hostId), label: t('backToHost') }}
    />
  )
}

/** The clusters that still use the host, each where it is taken out of them. */
function UsedBy({ clusters }: { clusters: readonly { id: string; name: string }[] }) {
  const list = useList()
  return list(
    clusters.map(({ id, name }) => (
      <TextLink key={id} href={paths.cluster(id, 'settings')}>
        {name}
      </TextLink>
    )),
  )
}

/** What takes every trace of Tunboard from a host, before anything has happened. */
export default async function UninstallPage({ params }: Props) {
  const { user } = await requireSession()
  const { host, serves } = await readHost((await params).id)
  const t = await getTranslations('saves.plan.uninstall')
  return (
    <>
      <PageHead
        parent={{ href: paths.host(host.id), label: host.name }}
        title={t('title', { name: host.name })}
        state={
          serves.length === 0 ? (
            t('note')
          ) : (
            <span>{t.rich('usedBy', { clusters: () => <UsedBy clusters={serves} /> })}</span>
          )
        }
      />
      <Suspense fallback={<Reading hosts={1} />}>
        <Plan hostId={host.id} mayApply={reaches(user.role, 'operator')} />
      </Suspense>
    </>
  )
}

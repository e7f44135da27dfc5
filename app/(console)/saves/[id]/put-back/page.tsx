import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Suspense } from 'react'
import { Moment } from '@/app/_ui/age'
import { PageHead } from '@/app/_ui/page-head'
import { Reading } from '@/app/(console)/_saves/reading'
import { SaveScreen } from '@/app/(console)/_saves/save-screen'
import { saveView } from '@/app/(console)/_saves/save-view'
import { orNotFound } from '@/app/or-not-found'
import { paths } from '@/app/paths'
import { requireSession } from '@/app/session'
import { reaches } from '@/lib/auth/roles'
import { getSave } from '@/lib/db/saves'
import { planPutBackNow } from '@/lib/ops/put-back'

type Props = { params: Promise<{ id: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireSession()
  const { hostName } = await orNotFound(getSave((await params).id))
  return { title: (await getTranslations('saves.plan.put-back'))('title', { name: hostName }) }
}

async function Plan({ saveId, mayApply }: { saveId: string; mayApply: boolean }) {
  const t = await getTranslations('saves')
  return (
    <SaveScreen
      kind="put-back"
      view={saveView(await planPutBackNow(saveId))}
      mayApply={mayApply}
      hidden={{ saveId }}
      back={{ href: paths.save(saveId), label: t('backToSave') }}
    />
  )
}

/** What makes the files of a host what they were after a save, before anything has happened. */
export default async function PutBackPage({ params }: Props) {
  const { user } = await requireSession()
  const { id, hostName, at, by } = await orNotFound(getSave((await params).id))
  const t = await getTranslations('saves.plan.put-back')
  return (
    <>
      <PageHead
        parent={{ href: paths.save(id), label: t('parent') }}
        title={t('title', { name: hostName })}
        state={
          <span>{t.rich('note', { at: () => <Moment at={at.getTime()} />, by: by.name })}</span>
        }
      />
      <Suspense fallback={<Reading hosts={1} />}>
        <Plan saveId={id} mayApply={reaches(user.role, 'operator')} />
      </Suspense>
    </>
  )
}

import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Card } from '@/app/_ui/card'
import { PageHead } from '@/app/_ui/page-head'
import { requireSession } from '@/app/session'
import { env } from '@/lib/env'
import { AddHostForm } from './add-host-form'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('hosts.form'))('addTitle') }
}

/** Enters a host; the next page compares its key. */
export default async function AddHostPage() {
  await requireSession('operator')
  const t = await getTranslations('hosts.form')
  return (
    <div className="max-w-2xl">
      <PageHead title={t('addTitle')} state={t('addNote')} />
      <Card>
        <AddHostForm hasAgent={env().sshAuthSock !== undefined} />
      </Card>
    </div>
  )
}

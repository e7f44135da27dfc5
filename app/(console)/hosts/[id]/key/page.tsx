import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Suspense } from 'react'
import { Card } from '@/app/_ui/card'
import { PageHead } from '@/app/_ui/page-head'
import { SkeletonRows } from '@/app/_ui/skeleton'
import { orNotFound } from '@/app/or-not-found'
import { paths } from '@/app/paths'
import { requireSession } from '@/app/session'
import { getHost } from '@/lib/db/hosts'
import { PresentedKey } from './presented-key'

type Props = { params: Promise<{ id: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireSession('operator')
  const { name } = await orNotFound(getHost((await params).id))
  return { title: (await getTranslations('hosts.key'))('title', { name }) }
}

/** Compares the key that a host shows now with what a person sees on the machine itself. */
export default async function HostKeyPage({ params }: Props) {
  await requireSession('operator')
  const host = await orNotFound(getHost((await params).id))
  const t = await getTranslations('hosts.key')
  const waiting = (
    <Card>
      <SkeletonRows rows={3} label={t('reading', { name: host.name })} />
    </Card>
  )
  return (
    <div className="max-w-3xl">
      <PageHead
        parent={{ href: paths.host(host.id), label: host.name }}
        title={t('title', { name: host.name })}
        detail={`${host.address}:${host.port}`}
      />
      <Suspense fallback={waiting}>
        <PresentedKey host={host} />
      </Suspense>
    </div>
  )
}

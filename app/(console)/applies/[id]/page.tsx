import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { cache } from 'react'
import { requireSession } from '@/app/session'
import { getApply } from '@/lib/db/applies'
import { NotFound } from '@/lib/errors'
import { ApplyScreen } from './apply-screen'
import { snapshotOf } from './apply-snapshot'

type Props = { params: Promise<{ id: string }> }

const readApply = cache(async (id: string) => {
  try {
    return await getApply(id)
  } catch (error) {
    if (error instanceof NotFound) notFound()
    throw error
  }
})

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireSession()
  const { clusterName } = await readApply((await params).id)
  return { title: (await getTranslations('apply'))('metaTitle', { name: clusterName }) }
}

/** One apply: the steps that were approved, and what came of each, while it happens and ever after. */
export default async function ApplyPage({ params }: Props) {
  await requireSession()
  return <ApplyScreen apply={snapshotOf(await readApply((await params).id))} />
}

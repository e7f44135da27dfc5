import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { cache } from 'react'
import { requireSession } from '@/app/session'
import { reaches } from '@/lib/auth/roles'
import { getApply } from '@/lib/db/applies'
import { getApplyUndo } from '@/lib/db/apply-undo'
import { NotFound } from '@/lib/errors'
import { ApplyScreen } from './apply-screen'
import { snapshotOf } from './apply-snapshot'
import { readRevertView } from './read-revert-view'
import { readUnsaved } from './read-unsaved'

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
  const { kind, subject } = await readApply((await params).id)
  const t = await getTranslations('apply')
  return { title: t('of', { kind: t(`kind.${kind}`), name: subject.name }) }
}

/** One apply: the steps that were approved, and what came of each, while it happens and ever after. */
export default async function ApplyPage({ params }: Props) {
  const { user } = await requireSession()
  const apply = await readApply((await params).id)
  const [isUnsaved, revert] = [await readUnsaved(apply), await readRevertView(apply)]
  const undo = await getApplyUndo(apply.id)
  return (
    <ApplyScreen
      apply={snapshotOf(apply, { isUnsaved, revert, undo })}
      mayChange={reaches(user.role, 'operator')}
    />
  )
}

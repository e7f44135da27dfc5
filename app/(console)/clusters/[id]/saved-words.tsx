'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import type { SavedState } from '@/app/_components/saved-state'
import { Age } from '@/app/_ui/age'
import { State } from '@/app/_ui/state'
import { paths } from '@/app/paths'
import { useNewestSaved } from './saved-news'

/** Whether a reboot would bring the cluster back, as last seen in the files of its hosts. */
export function SavedWords({ clusterId, known }: { clusterId: string; known: SavedState }) {
  const t = useTranslations('saves.state')
  const { word, tone, count, item, at } = useNewestSaved(clusterId, known)
  if (word === 'nothing') return null
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-1.5">
      <Link
        href={paths.saved({ kind: 'cluster', id: clusterId })}
        className="rounded-chip hover:underline"
      >
        <State tone={tone} icon={word === 'unapplied' ? 'save' : undefined} quiet>
          {t(word, { count, item })}
        </State>
      </Link>
      {at !== undefined && <span>{t.rich('seen', { age: () => <Age at={at} /> })}</span>}
    </span>
  )
}

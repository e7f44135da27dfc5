import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { getTranslations } from 'next-intl/server'
import { readSavedState } from '@/app/_components/read-saved'
import { useSaidValues } from '@/app/_components/said-values'
import type { SavedState } from '@/app/_components/saved-state'
import { Age } from '@/app/_ui/age'
import { State } from '@/app/_ui/state'
import { paths } from '@/app/paths'

type Said = Exclude<SavedState['word'], 'nothing'>

function Words({ word, count, item }: { word: Said; count: number; item: string }) {
  const t = useTranslations('saves.state')
  const said = useSaidValues()
  return t(word, { count, ...said({ item }) })
}

/** Whether a reboot would bring the cluster back, as last seen in the files of its hosts. */
export async function SavedWords({ clusterId }: { clusterId: string }) {
  const t = await getTranslations('saves.state')
  const { word, tone, count, item, at } = await readSavedState(clusterId)
  if (word === 'nothing') return null
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-1.5">
      <Link
        href={paths.saved({ kind: 'cluster', id: clusterId })}
        className="rounded-chip hover:underline"
      >
        <State tone={tone} icon={word === 'unapplied' ? 'save' : undefined} quiet>
          <Words word={word} count={count} item={item} />
        </State>
      </Link>
      {at !== undefined && <span>{t.rich('seen', { age: () => <Age at={at} /> })}</span>}
    </span>
  )
}

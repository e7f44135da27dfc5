import Link from 'next/link'
import { getTranslations } from 'next-intl/server'
import { readSavedState } from '@/app/_components/read-saved'
import { Age } from '@/app/_ui/age'
import { State } from '@/app/_ui/state'
import { paths } from '@/app/paths'

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
          {t(word, { count, item })}
        </State>
      </Link>
      {at !== undefined && <Age at={at} />}
    </span>
  )
}

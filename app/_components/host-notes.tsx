import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Card } from '@/app/_ui/card'
import type { Note } from '@/lib/lvs/plan'
import { useReasonText } from './reason-words'

/** A host beside what is said of it. */
export function HostRow({ host, children }: { host: string; children: ReactNode }) {
  return (
    <li className="grid gap-x-4 border-t px-4 py-2.5 first:border-t-0 sm:grid-cols-[10rem_minmax(0,1fr)]">
      <span className="truncate font-strong">{host}</span>
      <div className="min-w-0 max-w-[84ch] text-pretty break-words text-sm">{children}</div>
    </li>
  )
}

/** What a plan leaves as it is, and a person should know. */
export function HostNotes({ notes }: { notes: readonly Note[] }) {
  const t = useTranslations('plan.notes')
  const text = useReasonText()
  if (notes.length === 0) return null
  return (
    <Card title={t('title')} padded={false}>
      <ul>
        {notes.map(({ hostId, hostName, why }) => (
          <HostRow key={`${hostId} ${text(why).what}`} host={hostName}>
            {text(why).what}
          </HostRow>
        ))}
      </ul>
    </Card>
  )
}

'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { ageParts } from './age-parts'
import { useIsBrowser, useNow } from './clock'

/** How old something is, ticking: "2 s ago". `at` in milliseconds since 1970; the full time is its title. */
export function Age({ at, className }: { at: number; className?: string | undefined }) {
  const t = useTranslations('common.age')
  const format = useFormatter()
  const now = useNow()
  const isBrowser = useIsBrowser()
  const { unit, count } = ageParts(now - at)
  const iso = new Date(at).toISOString()
  return (
    <time
      // What the server wrote is as old as the page: React would keep it until the words change.
      key={isBrowser ? 'browser' : 'server'}
      dateTime={iso}
      title={isBrowser ? format.dateTime(at, { ...FULL, timeZone: ownZone() }) : iso}
      className={className}
      suppressHydrationWarning
    >
      {t(unit, { count })}
    </time>
  )
}

const FULL = { dateStyle: 'medium', timeStyle: 'medium' } as const

const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

/** A moment as date and time: UTC from the server, the reader's own zone as soon as the browser has it. */
export function Moment({ at, className }: { at: number; className?: string | undefined }) {
  const format = useFormatter()
  const isBrowser = useIsBrowser()
  return (
    <time dateTime={new Date(at).toISOString()} className={className}>
      {format.dateTime(at, { ...FULL, timeZone: isBrowser ? ownZone() : 'UTC' })}
    </time>
  )
}

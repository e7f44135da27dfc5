'use client'

import { useNow } from './clock'
import { formatClock } from './duration'

/** The time that is left until `to` (milliseconds since 1970), ticking; ends at 00:00. */
export function Countdown({ to, className }: { to: number; className?: string }) {
  const now = useNow()
  return (
    <time className={className} dateTime={new Date(to).toISOString()} suppressHydrationWarning>
      {formatClock(to - now)}
    </time>
  )
}

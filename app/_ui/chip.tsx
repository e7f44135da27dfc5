import type { ReactNode } from 'react'

/** A small fact that is no state: a role, a kind, a count. */
export function Chip({ children, mono = false }: { children: ReactNode; mono?: boolean }) {
  return (
    <span
      className={`inline-flex items-center whitespace-nowrap rounded-chip border bg-sunken px-1.5 text-muted text-xs leading-5 ${mono ? 'font-mono' : ''}`}
    >
      {children}
    </span>
  )
}

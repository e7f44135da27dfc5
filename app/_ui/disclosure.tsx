import type { ReactNode } from 'react'
import { Icon } from './icon'

/** Details that open on demand; works without a script, and is found by the browser's own search. */
export function Disclosure({
  summary,
  children,
  open = false,
}: {
  summary: ReactNode
  children: ReactNode
  open?: boolean
}) {
  return (
    <details open={open} className="group/disclosure">
      <summary className="inline-flex list-none items-center gap-1 rounded-chip text-muted text-sm hover:text-text [&::-webkit-details-marker]:hidden">
        <Icon
          name="chevron-right"
          size={14}
          className="transition-transform group-open/disclosure:rotate-90"
        />
        {summary}
      </summary>
      <div className="mt-2">{children}</div>
    </details>
  )
}

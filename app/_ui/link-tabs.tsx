import Link from 'next/link'
import type { ReactNode } from 'react'
import { cx } from './cx'

export type LinkTab = { href: string; label: ReactNode; count?: number | undefined }

/** Tabs whose state is the address: links, so that each can be opened, shared and gone back to. */
export function LinkTabs({
  tabs,
  current,
  label,
}: {
  tabs: readonly LinkTab[]
  /** The `href` of the tab that is shown. */
  current: string
  label: string
}) {
  return (
    <nav aria-label={label} className="mb-6 overflow-x-auto border-b">
      <ul className="flex gap-5">
        {tabs.map((tab) => (
          <li key={tab.href}>
            <Link
              href={tab.href}
              aria-current={tab.href === current ? 'page' : undefined}
              className={cx(
                'row-height -mb-px inline-flex items-center gap-1.5 whitespace-nowrap border-b-2 transition-colors',
                tab.href === current
                  ? 'border-accent font-strong text-text'
                  : 'border-transparent text-muted hover:text-text',
              )}
            >
              {tab.label}
              {tab.count !== undefined && tab.count > 0 && (
                <span className="rounded-chip bg-accent-soft px-1.5 text-accent text-xs">
                  {tab.count}
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

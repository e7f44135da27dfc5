import Link from 'next/link'
import type { ReactNode } from 'react'
import { Icon } from './icon'

type Props = {
  title: ReactNode
  /** The page above this one, when there is one. */
  parent?: { href: string; label: string }
  /** One mono line beside the title: an address, a key. */
  detail?: ReactNode
  /** The state in words, e.g. "In sync · read 2 s ago". */
  state?: ReactNode
  /** The one main action, and a menu for the rest. */
  actions?: ReactNode
}

/** What is this, is it well, what should I do: one line each, at the same place on every page. */
export function PageHead({ title, parent, detail, state, actions }: Props) {
  return (
    <header className="mb-6 flex flex-wrap items-start gap-x-6 gap-y-3">
      <div className="min-w-0 flex-1 basis-64">
        {parent !== undefined && (
          <p className="mb-1 text-muted text-sm">
            <Link
              href={parent.href}
              className="inline-flex items-center gap-1 rounded-chip hover:text-text hover:underline"
            >
              <Icon name="chevron-right" size={14} className="rotate-180" />
              {parent.label}
            </Link>
          </p>
        )}
        <div className="flex flex-wrap items-baseline gap-x-3">
          <h1 className="min-w-0 break-words font-strong text-text text-xl">{title}</h1>
          {detail !== undefined && <p className="font-mono text-muted text-sm">{detail}</p>}
        </div>
        {state !== undefined && (
          <div className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 text-muted text-sm">
            {state}
          </div>
        )}
      </div>
      {actions !== undefined && <div className="flex items-center gap-2">{actions}</div>}
    </header>
  )
}

import type { ReactNode } from 'react'
import { cx } from './cx'

type Props = {
  title?: ReactNode
  /** One line under the title. */
  note?: ReactNode
  actions?: ReactNode
  children?: ReactNode
  /** `false` for a table or a list that draws its own rows to the card's edge. */
  padded?: boolean
  className?: string
  id?: string
}

/** A bordered surface with a heading; cards are 24 px apart, never inside each other. */
export function Card({ title, note, actions, children, padded = true, className, id }: Props) {
  return (
    <section
      id={id}
      className={cx('overflow-clip rounded-card border bg-raised', className)}
      aria-labelledby={title !== undefined && id !== undefined ? `${id}-title` : undefined}
    >
      {title !== undefined && (
        <header className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-2">
          <div className="min-w-0 flex-1">
            <h2
              id={id === undefined ? undefined : `${id}-title`}
              className="font-strong text-base text-text"
            >
              {title}
            </h2>
            {note !== undefined && <p className="text-muted text-sm">{note}</p>}
          </div>
          {actions !== undefined && <div className="flex items-center gap-2">{actions}</div>}
        </header>
      )}
      <div className={cx(padded && 'p-4')}>{children}</div>
    </section>
  )
}

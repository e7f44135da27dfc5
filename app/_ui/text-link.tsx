import Link from 'next/link'
import type { ReactNode } from 'react'
import { cx } from './cx'

/** A link within text or a table. `strong` is the name of a thing, in the text's own colour. */
export function TextLink({
  href,
  children,
  strong = false,
  className,
}: {
  href: string
  children: ReactNode
  strong?: boolean
  className?: string
}) {
  return (
    <Link
      href={href}
      className={cx(
        'rounded-chip underline-offset-3 hover:underline',
        strong ? 'font-strong text-text' : 'text-accent underline decoration-accent/40',
        className,
      )}
    >
      {children}
    </Link>
  )
}

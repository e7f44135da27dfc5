'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { cx } from '@/app/_ui/cx'
import { Icon, type IconName } from '@/app/_ui/icon'
import { Tooltip } from '@/app/_ui/tooltip'
import { type SectionName, sectionOf } from './sections'

/** A section in the sidebar: icon and word, the icon alone where the sidebar is folded. */
export function NavLink({
  href,
  name,
  icon,
  label,
}: {
  href: string
  name: SectionName
  icon: IconName
  label: string
}) {
  const isHere = sectionOf(usePathname()) === name
  return (
    <Link
      href={href}
      title={label}
      aria-current={isHere ? 'page' : undefined}
      className={cx(
        'control-height flex items-center gap-2.5 rounded-control px-2 transition-colors folded:justify-center',
        isHere
          ? 'bg-accent-soft font-strong text-text'
          : 'text-muted hover:bg-hover hover:text-text',
      )}
    >
      <Icon name={icon} className={isHere ? 'text-accent' : ''} />
      <span className="truncate folded:sr-only">{label}</span>
    </Link>
  )
}

/** A section in the bottom bar of a phone. */
export function BottomLink({
  href,
  name,
  icon,
  label,
}: {
  href: string
  name: SectionName
  icon: IconName
  label: string
}) {
  const isHere = sectionOf(usePathname()) === name
  return (
    <Link
      href={href}
      aria-current={isHere ? 'page' : undefined}
      className={cx(
        'flex min-w-0 flex-1 flex-col items-center justify-center gap-0.5 rounded-control',
        isHere ? 'font-strong text-accent' : 'text-muted',
      )}
    >
      <Icon name={icon} size={20} />
      <span className="max-w-full truncate text-xs">{label}</span>
    </Link>
  )
}

/** One object under a section, e.g. a cluster with the dot of its state. */
export function NavItem({
  href,
  label,
  children,
}: {
  href: string
  label: string
  children: ReactNode
}) {
  const path = usePathname()
  const isHere = path === href || path.startsWith(`${href}/`)
  return (
    <Tooltip text={label}>
      <Link
        href={href}
        aria-current={isHere ? 'page' : undefined}
        className={cx(
          'flex min-h-7 items-center gap-2 rounded-control pr-2 pl-3.5 text-sm transition-colors pointer-coarse:min-h-11 folded:justify-center folded:px-0',
          isHere ? 'bg-hover text-text' : 'text-muted hover:bg-hover hover:text-text',
        )}
      >
        {children}
        <span className="truncate folded:sr-only">{label}</span>
      </Link>
    </Tooltip>
  )
}

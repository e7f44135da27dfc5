'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Mark } from '@/app/_components/mark'
import { cx } from '@/app/_ui/cx'
import { SECTIONS, sectionOf } from './sections'

/** Where I am: which Tunboard, and from a page below a section the way back to it; at the right who I am. */
export function TopLine({ site, children }: { site: string; children: ReactNode }) {
  const t = useTranslations('common.nav')
  const path = usePathname()
  const name = sectionOf(path)
  const section = SECTIONS.find((it) => it.name === name)
  const isBelow = section !== undefined && path !== section.href
  return (
    <header className="flex h-12 items-center gap-3 border-b bg-raised px-6 max-md:px-4">
      <span className="md:hidden">
        <Mark />
      </span>
      <span className={cx('truncate font-mono text-muted text-sm', isBelow && 'max-md:hidden')}>
        {site}
      </span>
      {isBelow && (
        <>
          <span aria-hidden className="text-muted max-md:hidden">
            /
          </span>
          <Link
            href={section.href}
            className="inline-flex items-center rounded-chip hover:underline pointer-coarse:min-h-11"
          >
            {t(name)}
          </Link>
        </>
      )}
      <div className="ml-auto flex items-center gap-2">{children}</div>
    </header>
  )
}

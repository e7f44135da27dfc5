'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Mark } from '@/app/_components/mark'
import { SECTIONS, sectionOf } from './sections'

/** Where I am, as a link to the section's own page; at the right who I am. */
export function TopLine({ children }: { children: ReactNode }) {
  const t = useTranslations('common.nav')
  const name = sectionOf(usePathname())
  const section = SECTIONS.find((it) => it.name === name)
  return (
    <header className="flex h-12 items-center gap-3 border-b bg-raised px-6 max-md:px-4">
      <span className="md:hidden">
        <Mark />
      </span>
      {section !== undefined && (
        <Link
          href={section.href}
          className="inline-flex items-center rounded-chip text-muted hover:text-text pointer-coarse:min-h-11"
        >
          {t(name)}
        </Link>
      )}
      <div className="ml-auto flex items-center gap-2">{children}</div>
    </header>
  )
}

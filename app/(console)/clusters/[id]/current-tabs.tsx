'use client'

import { usePathname } from 'next/navigation'
import { type LinkTab, LinkTabs } from '@/app/_ui/link-tabs'

/** Tabs of which the address says the current one. */
export function CurrentTabs({ label, tabs }: { label: string; tabs: readonly LinkTab[] }) {
  return <LinkTabs label={label} tabs={tabs} current={usePathname()} />
}

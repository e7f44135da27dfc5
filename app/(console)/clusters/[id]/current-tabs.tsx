'use client'

import { usePathname } from 'next/navigation'
import { type LinkTab, LinkTabs } from '@/app/_ui/link-tabs'

/** A tab, and the other addresses that belong to it. */
type Tab = LinkTab & { covers?: readonly string[] }

/** Tabs of which the address says the current one. */
export function CurrentTabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  const pathname = usePathname()
  const owner = tabs.find(({ covers }) => covers?.includes(pathname))
  return <LinkTabs label={label} tabs={tabs} current={owner?.href ?? pathname} />
}

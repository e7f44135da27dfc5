'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import { useTranslations } from 'next-intl'

/** Whether the tables of a page show only what differs: state of its address, without a round trip. */
export function useOnlyDifferences() {
  const search = useSearchParams()
  const pathname = usePathname()
  const isOn = search.get('only') === 'differences'
  const set = (wanted: boolean) => {
    const next = new URLSearchParams(search)
    if (wanted) next.set('only', 'differences')
    else next.delete('only')
    const query = next.size === 0 ? '' : `?${next}`
    window.history.replaceState(null, '', `${pathname}${query}${window.location.hash}`)
  }
  return { isOn, set }
}

/** Leaves only the rows that need eyes. */
export function OnlyDifferences() {
  const t = useTranslations('saves.table')
  const { isOn, set } = useOnlyDifferences()
  return (
    <label className="flex items-center gap-2 text-sm pointer-coarse:min-h-11">
      <input
        type="checkbox"
        // not controlled: it shows the click at once, before the tables follow
        defaultChecked={isOn}
        onChange={({ target }) => set(target.checked)}
        className="size-4 shrink-0 accent-accent"
      />
      {t('only')}
    </label>
  )
}

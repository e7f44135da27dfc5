'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { Button } from '@/app/_ui/button'
import { Menu, type MenuEntry } from '@/app/_ui/menu'
import { paths } from '@/app/paths'

export type OtherSave = {
  id: string
  kind: 'save' | 'put-back' | 'uninstall'
  at: number
  by: string
}

/** Chooses what a save is compared with: what the files say now, or another save of the host. */
export function CompareMenu({ saveId, others }: { saveId: string; others: readonly OtherSave[] }) {
  const t = useTranslations('saves.compare')
  const kinds = useTranslations('saves.history.kind')
  const format = useFormatter()
  const toEntry = ({ id, kind, at, by }: OtherSave): MenuEntry => ({
    label: t('save', {
      kind: kinds(kind),
      by,
      // The menu is drawn in the browser only, so the reader's own zone is known.
      at: format.dateTime(at, {
        dateStyle: 'medium',
        timeStyle: 'medium',
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      }),
    }),
    icon: 'history',
    href: paths.save(saveId, id),
  })
  const now: MenuEntry = { label: t('now'), icon: 'host', href: paths.save(saveId, 'now') }
  return (
    <Menu
      trigger={<Button icon="chevron-down">{t('with')}</Button>}
      entries={[now, ...(others.length > 0 ? ['separator' as const] : []), ...others.map(toEntry)]}
    />
  )
}

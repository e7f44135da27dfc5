'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { FailureBanner } from '@/app/_components/failure-banner'
import { Button } from '@/app/_ui/button'
import { ConfirmDialog } from '@/app/_ui/confirm-dialog'
import { Menu } from '@/app/_ui/menu'
import { useList } from '@/app/_ui/use-format'
import { paths } from '@/app/paths'
import { deleteHostAction } from '../../actions'

type Props = {
  host: { id: string; name: string }
  use: { clusters: readonly string[]; items: number }
}

/** What can be done with a host beside reading it; deleting says why it cannot, and where. */
export function HostMenu({ host, use }: Props) {
  const t = useTranslations('hosts.page')
  const common = useTranslations('common')
  const list = useList()
  const [isAsking, setAsking] = useState(false)
  const blocked = () => {
    if (use.clusters.length > 0) return t('deleteBlocked', { clusters: list(use.clusters) })
    return use.items > 0 ? t('deleteBlockedItems', { count: use.items }) : undefined
  }
  const remove = async () => {
    const data = new FormData()
    data.set('hostId', host.id)
    const result = await deleteHostAction(undefined, data)
    return result.ok ? undefined : <FailureBanner failure={result.failure} />
  }
  return (
    <>
      <Menu
        trigger={<Button size="icon" icon="more" aria-label={common('menu')} />}
        entries={[
          { label: t('edit'), icon: 'edit', href: paths.hostEdit(host.id) },
          { label: t('compareKey'), icon: 'key', href: paths.hostKey(host.id) },
          {
            label: t('saves'),
            icon: 'history',
            href: paths.saves({ kind: 'host', id: host.id }),
          },
          'separator',
          {
            label: t('uninstall'),
            icon: 'remove',
            danger: true,
            href: paths.hostUninstall(host.id),
          },
          {
            label: t('delete'),
            icon: 'remove',
            danger: true,
            disabledReason: blocked(),
            onSelect: () => setAsking(true),
          },
        ]}
      />
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title={t('deleteTitle', { name: host.name })}
        consequence={t('deleteText')}
        confirmLabel={t('delete')}
        onConfirm={remove}
      />
    </>
  )
}

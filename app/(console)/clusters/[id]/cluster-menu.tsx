'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { callAction } from '@/app/_components/confirm-action'
import { buttonClass } from '@/app/_ui/button-class'
import { ConfirmDialog } from '@/app/_ui/confirm-dialog'
import { Icon } from '@/app/_ui/icon'
import { Menu } from '@/app/_ui/menu'
import { paths } from '@/app/paths'
import { deleteClusterAction, releaseClusterAction, takeDownClusterAction } from './actions'

type Props = { clusterId: string; version: number; name: string; hasServices: boolean }
type Act = 'takeDown' | 'release' | 'delete'

/** What else can be done with a cluster; what cannot be taken back asks once more. */
export function ClusterMenu({ clusterId, version, name, hasServices }: Props) {
  const t = useTranslations('clusters.menu')
  const common = useTranslations('common')
  const [act, setAct] = useState<Act>()
  const target = { clusterId, version }
  return (
    <>
      <Menu
        trigger={
          <button
            type="button"
            aria-label={common('menu')}
            className={buttonClass('secondary', 'icon')}
          >
            <Icon name="more" />
          </button>
        }
        entries={[
          { label: t('addService'), icon: 'add', href: paths.serviceNew(clusterId) },
          { label: t('settings'), icon: 'edit', href: paths.cluster(clusterId, 'settings') },
          'separator',
          {
            label: t('takeDown'),
            icon: 'pause',
            onSelect: () => setAct('takeDown'),
            danger: true,
            disabledReason: hasServices ? undefined : t('isDown'),
          },
          {
            label: t('release'),
            icon: 'unplugged',
            onSelect: () => setAct('release'),
            danger: true,
          },
          {
            label: t('delete'),
            icon: 'remove',
            onSelect: () => setAct('delete'),
            danger: true,
            disabledReason: hasServices ? t('stillUp') : undefined,
          },
        ]}
      />
      <ConfirmDialog
        open={act === 'takeDown'}
        onOpenChange={(isOpen) => setAct(isOpen ? 'takeDown' : undefined)}
        title={t('takeDownTitle', { name })}
        consequence={t('takeDownText')}
        confirmLabel={t('takeDownConfirm')}
        onConfirm={() => callAction(takeDownClusterAction, target)}
      />
      <ConfirmDialog
        open={act === 'release'}
        onOpenChange={(isOpen) => setAct(isOpen ? 'release' : undefined)}
        title={t('releaseTitle', { name })}
        consequence={t('releaseText')}
        confirmLabel={t('releaseConfirm')}
        onConfirm={() => callAction(releaseClusterAction, target)}
      />
      <ConfirmDialog
        open={act === 'delete'}
        onOpenChange={(isOpen) => setAct(isOpen ? 'delete' : undefined)}
        title={t('deleteTitle', { name })}
        consequence={t('deleteText')}
        confirmLabel={t('deleteConfirm')}
        onConfirm={() => callAction(deleteClusterAction, target)}
      />
    </>
  )
}

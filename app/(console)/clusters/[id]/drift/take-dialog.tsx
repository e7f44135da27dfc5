'use client'

import { useTranslations } from 'next-intl'
import { callAction } from '@/app/_components/confirm-action'
import { ConfirmDialog } from '@/app/_ui/confirm-dialog'
import { takeTheirsAction } from './actions'
import { type DriftView, seenOf, useDriftName } from './drift-view'

type Props = {
  clusterId: string
  version: number
  drifts: readonly DriftView[]
  onClose: () => void
}

/** Says what will be desired when what runs is taken, then takes it. */
export function TakeDialog({ clusterId, version, drifts, onClose }: Props) {
  const t = useTranslations('drift.take')
  const name = useDriftName()
  const [first] = drifts
  if (first === undefined) return null
  const many = drifts.length > 1
  return (
    <ConfirmDialog
      open
      onOpenChange={(isOpen) => isOpen || onClose()}
      danger={false}
      title={many ? t('titleMany', { count: drifts.length }) : t('title', { item: name(first) })}
      consequence={
        <>
          <p>{many ? t('consequence') : t(first.kind)}</p>
          <p className="mt-2">{t('nothingSent')}</p>
        </>
      }
      confirmLabel={t('confirm')}
      onConfirm={() => callAction(takeTheirsAction, { clusterId, version, drifts: seenOf(drifts) })}
    />
  )
}

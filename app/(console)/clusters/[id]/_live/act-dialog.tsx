'use client'

import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { FailureBanner } from '@/app/_components/failure-banner'
import { ConfirmDialog } from '@/app/_ui/confirm-dialog'
import type { Action } from '@/app/action-result'
import { quiesceAction, removeAction, undoDrainAction } from './actions'
import type { RealServerView } from './real-server-view'
import type { RowAct } from './row-menu'

type Act = Exclude<RowAct, 'drain'>

const ACTIONS: Record<Act, Action<never>> = {
  quiesce: quiesceAction,
  undo: undoDrainAction,
  remove: removeAction,
}

type Props = {
  clusterId: string
  version: number
  service: string
  act: Act
  row: RealServerView
  onClose: () => void
}

/** Says what quiescing, removing or undoing will mean, then changes desired and leads to the plan. */
export function ActDialog({ clusterId, version, service, act, row, onClose }: Props) {
  const t = useTranslations(`live.${act}`)
  const cuts = useTranslations('live.remove')
  const { name, active, desired, drain } = row
  const send = async (): Promise<ReactNode | undefined> => {
    const data = new FormData()
    data.set('clusterId', clusterId)
    data.set('version', String(version))
    data.set('realServerId', desired?.id ?? '')
    data.set('drainId', drain?.id ?? '')
    const result = await ACTIONS[act](undefined, data)
    return result.ok ? undefined : <FailureBanner failure={result.failure} />
  }
  return (
    <ConfirmDialog
      open
      onOpenChange={(isOpen) => isOpen || onClose()}
      danger={act === 'remove'}
      title={t('title', { name, service })}
      consequence={
        <>
          <p>{t('consequence', { name, service })}</p>
          {act === 'remove' && (
            <p className="mt-2 text-text">
              {active === undefined ? cuts('cutsUnknown') : cuts('cuts', { active })}
            </p>
          )}
        </>
      }
      confirmLabel={t('confirm')}
      onConfirm={send}
    />
  )
}

'use client'

import { useTranslations } from 'next-intl'
import { type ReactNode, useState } from 'react'
import { ActionForm } from '@/app/_components/action-form'
import { Banner } from '@/app/_ui/banner'
import { CheckboxField } from '@/app/_ui/checkbox-field'
import { Dialog } from '@/app/_ui/dialog'
import { Facts } from '@/app/_ui/facts'
import { SelectField } from '@/app/_ui/select-field'
import { SubmitButton } from '@/app/_ui/submit-button'
import { useList } from '@/app/_ui/use-format'
import { startDrainAction } from './actions'
import type { DesiredView, RealServerView, ServiceView } from './real-server-view'
import { useFigures } from './use-figures'

/** Long enough for web requests at the one end, for database sessions over a night at the other. */
const DEADLINES = ['60', '300', '1800', '14400', '86400'] as const

export type DrainTarget = {
  row: RealServerView
  desired: DesiredView
  service: ServiceView
  /** Entries of the same RIP in other services of the cluster. */
  others: readonly { id: string; service: string }[]
  /** Nobody else takes new connections. */
  isLast: boolean
}

function Warning({ children }: { children: ReactNode }) {
  return <Banner tone="warn" title={children} />
}

/** What this service makes of a drain, where that is not what one expects. */
function Warnings({ target }: { target: DrainTarget }) {
  const t = useTranslations('live.drain')
  const { service, row, isLast } = target
  const { scheduler, flags, persistence } = service
  const leavesHole =
    (scheduler === 'sh' || scheduler === 'mh') && !flags.includes(`${scheduler}-fallback`)
  return (
    <>
      {isLast && <Warning>{t('last', { service: service.endpoint })}</Warning>}
      {leavesHole && <Warning>{t('hole', { scheduler })}</Warning>}
      {persistence !== undefined && (
        <Warning>
          {t('persistent', { name: row.name, minutes: Math.ceil(persistence / 60) })}
        </Warning>
      )}
    </>
  )
}

function DrainForm({
  target,
  ...ids
}: {
  target: DrainTarget
  clusterId: string
  version: number
}) {
  const t = useTranslations('live.drain')
  const figures = useFigures()
  const list = useList()
  const { row, desired, others } = target
  const [isEverywhere, setEverywhere] = useState(true)
  const chosen = [desired.id, ...(isEverywhere ? others.map(({ id }) => id) : [])]
  const now =
    row.active === undefined || row.inactive === undefined
      ? t('nowUnknown')
      : t('nowValue', {
          active: figures.count(row.active),
          inactive: figures.count(row.inactive),
        })
  return (
    <ActionForm action={startDrainAction} hidden={ids}>
      {chosen.map((id) => (
        <input key={id} type="hidden" name="realServerIds" value={id} />
      ))}
      <Facts facts={[{ label: t('now'), value: now }]} />
      <SelectField
        name="deadlineSeconds"
        label={t('deadline')}
        help={t('deadlineHelp')}
        defaultValue="300"
        options={DEADLINES.map((value) => ({ value, label: t(`deadlines.${value}`) }))}
      />
      {others.length > 0 && (
        <CheckboxField
          name="everywhere"
          label={t('alsoIn', { count: others.length })}
          help={t('alsoInHelp', { services: list(others.map(({ service }) => service)) })}
          defaultChecked
          onChange={setEverywhere}
        />
      )}
      <Warnings target={target} />
      <div className="flex flex-wrap items-center justify-end gap-x-4 gap-y-2">
        <p className="min-w-48 flex-1 text-pretty text-muted text-sm">{t('next')}</p>
        <SubmitButton>{t('confirm', { name: row.name })}</SubmitButton>
      </div>
    </ActionForm>
  )
}

/** Asks how long to wait for the connections of a real server before it is removed. */
export function DrainDialog({
  target,
  onClose,
  ...ids
}: {
  clusterId: string
  version: number
  target: DrainTarget
  onClose: () => void
}) {
  const t = useTranslations('live.drain')
  const { row, service } = target
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => isOpen || onClose()}
      title={t('title', { name: row.name })}
      description={t('consequence', {
        ...{ name: row.name, realServer: row.id, service: service.endpoint },
      })}
    >
      <DrainForm target={target} {...ids} />
    </Dialog>
  )
}

'use client'

import { useTranslations } from 'next-intl'
import { ActionForm } from '@/app/_components/action-form'
import { Dialog } from '@/app/_ui/dialog'
import { SubmitButton } from '@/app/_ui/submit-button'
import { TextField } from '@/app/_ui/text-field'
import { ignoreDriftSchema } from '@/lib/lvs/drift-form'
import { ignoreDriftAction } from './actions'
import { type DriftView, seenOf, useDriftName } from './drift-view'

type Props = { clusterId: string; drifts: readonly DriftView[]; onClose: () => void }

/** Sets drift aside, with why: the next person on call reads it. */
export function IgnoreDialog({ clusterId, drifts, onClose }: Props) {
  const t = useTranslations('drift.ignore')
  const name = useDriftName()
  const [first] = drifts
  if (first === undefined) return null
  const many = drifts.length > 1
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => isOpen || onClose()}
      title={many ? t('titleMany', { count: drifts.length }) : t('title', { item: name(first) })}
      description={t('consequence')}
    >
      <ActionForm
        action={ignoreDriftAction}
        schema={ignoreDriftSchema}
        hidden={{ clusterId, drifts: seenOf(drifts) }}
        onDone={onClose}
      >
        <TextField name="why" label={t('why')} help={t('whyHelp')} autoFocus />
        <SubmitButton className="self-start">{t('confirm')}</SubmitButton>
      </ActionForm>
    </Dialog>
  )
}

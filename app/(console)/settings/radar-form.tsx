'use client'

import { useTranslations } from 'next-intl'
import { ActionForm } from '@/app/_components/action-form'
import { SubmitButton } from '@/app/_ui/submit-button'
import { TextField } from '@/app/_ui/text-field'
import { useToast } from '@/app/_ui/toast'
import { radarFormSchema } from '@/lib/lvs/radar-form'
import { saveRadar } from './actions'

/** How often every host is read for drift. */
export function RadarForm({ seconds }: { seconds: number }) {
  const t = useTranslations('drift.setting')
  const toast = useToast()
  return (
    <ActionForm action={saveRadar} schema={radarFormSchema} onDone={() => toast('ok', t('saved'))}>
      <TextField
        name="seconds"
        label={t('label')}
        help={t('help')}
        defaultValue={seconds}
        inputMode="numeric"
        unit={t('unit')}
        className="max-w-60"
        mono
      />
      <SubmitButton variant="secondary" className="self-start">
        {t('save')}
      </SubmitButton>
    </ActionForm>
  )
}

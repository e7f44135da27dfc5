'use client'

import { useTranslations } from 'next-intl'
import { ActionForm } from '@/app/_components/action-form'
import { Card } from '@/app/_ui/card'
import { RadioField } from '@/app/_ui/radio-field'
import { SubmitButton } from '@/app/_ui/submit-button'
import { TextField } from '@/app/_ui/text-field'
import { useToast } from '@/app/_ui/toast'
import {
  CONFIRM_BY,
  ON_FAILURE,
  type Policy,
  policyFormSchema,
  TIMED_UNDO_WHEN,
} from '@/lib/lvs/policy-form'
import { editPolicyAction } from './actions'

/** How carefully a cluster is changed: no part of what is desired, so saving it leads to no plan. */
export function PolicyForm({ clusterId, policy }: { clusterId: string; policy: Policy }) {
  const t = useTranslations('policy')
  const toast = useToast()
  return (
    <ActionForm
      action={editPolicyAction}
      schema={policyFormSchema}
      hidden={{ clusterId }}
      onDone={() => toast('ok', t('saved'))}
    >
      <Card title={t('title')} note={t('note')}>
        <div className="flex max-w-[48rem] flex-col gap-5">
          <RadioField
            name="onFailure"
            label={t('onFailure.label')}
            defaultValue={policy.onFailure}
            options={ON_FAILURE.map((value) => ({
              value,
              label: t(`onFailure.${value}.label`),
              help: t(`onFailure.${value}.help`),
            }))}
          />
          <RadioField
            name="timedUndo"
            label={t('timedUndo.label')}
            help={t('timedUndo.help')}
            defaultValue={policy.timedUndo}
            options={TIMED_UNDO_WHEN.map((value) => ({
              value,
              label: t(`timedUndo.${value}.label`),
              help: t(`timedUndo.${value}.help`),
            }))}
          />
          <TextField
            name="undoSeconds"
            label={t('undoSeconds.label')}
            help={t('undoSeconds.help')}
            defaultValue={policy.undoSeconds}
            inputMode="numeric"
            unit={t('undoSeconds.unit')}
            className="max-w-60"
            mono
          />
          <RadioField
            name="confirmBy"
            label={t('confirmBy.label')}
            defaultValue={policy.confirmBy}
            options={CONFIRM_BY.map((value) => ({
              value,
              label: t(`confirmBy.${value}.label`),
              help: t(`confirmBy.${value}.help`),
            }))}
          />
          <SubmitButton variant="secondary" className="self-start">
            {t('save')}
          </SubmitButton>
        </div>
      </Card>
    </ActionForm>
  )
}

'use client'

import { useTranslations } from 'next-intl'
import { ActionForm } from '@/app/_components/action-form'
import { SubmitButton } from '@/app/_ui/submit-button'
import { TextField } from '@/app/_ui/text-field'
import { PASSWORD_MIN } from '@/app/new-password'
import { createAdministrator } from './actions'
import { firstRunSchema } from './schema'

/** The account of the administrator. */
export function FirstRunForm() {
  const t = useTranslations('auth')
  return (
    <ActionForm action={createAdministrator} schema={firstRunSchema}>
      <TextField
        name="name"
        label={t('firstRun.name')}
        help={t('firstRun.nameHelp')}
        autoComplete="name"
        autoFocus
      />
      <TextField
        name="email"
        type="email"
        label={t('email')}
        help={t('firstRun.emailHelp')}
        autoComplete="username"
      />
      <TextField
        name="password"
        type="password"
        label={t('password')}
        help={t('firstRun.passwordHelp', { min: PASSWORD_MIN })}
        autoComplete="new-password"
      />
      <TextField
        name="repeat"
        type="password"
        label={t('firstRun.repeat')}
        autoComplete="new-password"
      />
      <SubmitButton>{t('firstRun.submit')}</SubmitButton>
    </ActionForm>
  )
}

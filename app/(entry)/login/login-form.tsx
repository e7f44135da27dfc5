'use client'

import { useTranslations } from 'next-intl'
import { ActionForm } from '@/app/_components/action-form'
import { SubmitButton } from '@/app/_ui/submit-button'
import { TextField } from '@/app/_ui/text-field'
import { logInAction } from './actions'

/** Email and password; which of the two was wrong is not said. */
export function LoginForm({ next }: { next: string }) {
  const t = useTranslations('auth')
  return (
    <ActionForm action={logInAction} hidden={{ next }}>
      <TextField name="email" type="email" label={t('email')} autoComplete="username" autoFocus />
      <TextField
        name="password"
        type="password"
        label={t('password')}
        autoComplete="current-password"
      />
      <SubmitButton>{t('login.submit')}</SubmitButton>
    </ActionForm>
  )
}

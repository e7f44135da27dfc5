'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { ActionForm } from '@/app/_components/action-form'
import { SubmitButton } from '@/app/_ui/submit-button'
import { TextField } from '@/app/_ui/text-field'
import { useToast } from '@/app/_ui/toast'
import { PASSWORD_MIN } from '@/app/new-password'
import { saveName, savePassword } from './actions'
import { nameSchema, passwordSchema } from './schema'

/** How I am called beside what I do. */
export function NameForm({ name }: { name: string }) {
  const t = useTranslations('settings.account')
  const toast = useToast()
  return (
    <ActionForm action={saveName} schema={nameSchema} onDone={() => toast('ok', t('saved'))}>
      <TextField
        name="name"
        label={t('name')}
        help={t('nameHelp')}
        defaultValue={name}
        autoComplete="name"
      />
      <SubmitButton variant="secondary" className="self-start">
        {t('submit')}
      </SubmitButton>
    </ActionForm>
  )
}

/** Changes my password; needs the current one. */
export function PasswordForm({ email }: { email: string }) {
  const t = useTranslations('settings.password')
  const toast = useToast()
  // A new key empties the fields: passwords that worked must not stay on the page.
  const [times, setTimes] = useState(0)
  const done = () => {
    setTimes(times + 1)
    toast('ok', t('saved'))
  }
  return (
    <ActionForm key={times} action={savePassword} schema={passwordSchema} onDone={done}>
      <input type="hidden" name="username" value={email} autoComplete="username" />
      <TextField
        name="current"
        type="password"
        label={t('current')}
        autoComplete="current-password"
      />
      <TextField
        name="next"
        type="password"
        label={t('next')}
        help={t('nextHelp', { min: PASSWORD_MIN })}
        autoComplete="new-password"
      />
      <TextField name="repeat" type="password" label={t('repeat')} autoComplete="new-password" />
      <SubmitButton variant="secondary" className="self-start">
        {t('submit')}
      </SubmitButton>
    </ActionForm>
  )
}

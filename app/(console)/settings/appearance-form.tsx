'use client'

import { useTranslations } from 'next-intl'
import { ActionForm } from '@/app/_components/action-form'
import { LOCALE_NAMES, LOCALES, type Locale } from '@/app/_i18n/locales'
import { RadioField } from '@/app/_ui/radio-field'
import { SubmitButton } from '@/app/_ui/submit-button'
import { useToast } from '@/app/_ui/toast'
import { THEMES, type Theme } from '@/app/theme'
import { saveAppearance } from './actions'

/** Theme and language of this browser. */
export function AppearanceForm({ theme, locale }: { theme: Theme; locale: Locale }) {
  const t = useTranslations('settings.appearance')
  const toast = useToast()
  return (
    <ActionForm action={saveAppearance} onDone={() => toast('ok', t('saved'))}>
      <RadioField
        name="theme"
        label={t('theme')}
        defaultValue={theme}
        options={THEMES.map((value) => ({ value, label: t(value) }))}
      />
      <RadioField
        name="locale"
        label={t('language')}
        defaultValue={locale}
        options={LOCALES.map((value) => ({ value, label: LOCALE_NAMES[value] }))}
      />
      <SubmitButton variant="secondary" className="self-start">
        {t('submit')}
      </SubmitButton>
    </ActionForm>
  )
}

'use client'

import { useLocale, useTranslations } from 'next-intl'
import { ActionForm } from '@/app/_components/action-form'
import { LOCALE_NAMES, LOCALES } from '@/app/_i18n/locales'
import { cx } from '@/app/_ui/cx'
import { chooseLanguage } from './actions'

/** The languages, each by its own name: whoever cannot read the page finds theirs. What was typed above it stays. */
export function LanguageSwitch() {
  const t = useTranslations('settings.appearance')
  const locale = useLocale()
  return (
    <ActionForm action={chooseLanguage} className="mt-6">
      <fieldset className="flex justify-center gap-1 text-sm">
        <legend className="sr-only">{t('language')}</legend>
        {LOCALES.map((each) => (
          <button
            key={each}
            type="submit"
            name="locale"
            value={each}
            lang={each}
            aria-pressed={each === locale}
            className={cx(
              'rounded-control px-2 py-1 transition-colors pointer-coarse:min-h-11 pointer-coarse:px-3',
              each === locale ? 'font-strong text-text' : 'text-muted hover:text-text',
            )}
          >
            {LOCALE_NAMES[each]}
          </button>
        ))}
      </fieldset>
    </ActionForm>
  )
}

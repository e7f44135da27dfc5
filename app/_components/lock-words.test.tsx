import { NextIntlClientProvider } from 'next-intl'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import type { Locale } from '@/app/_i18n/locales'
import { MESSAGES } from '@/app/_i18n/messages'
import { APPLY_KINDS } from '@/lib/db/applies'
import { useLockWords } from './lock-words'

const Said = ({ reason }: { reason: string }) => useLockWords()(reason)

const said = (locale: Locale, reason: string) =>
  renderToStaticMarkup(
    <NextIntlClientProvider locale={locale} messages={MESSAGES[locale]} timeZone="UTC">
      <Said reason={reason} />
    </NextIntlClientProvider>,
  )

test('what a lock is held for is said in the language of the reader, with the name as it is', () => {
  expect(said('en', 'apply web shop')).toBe('Applying web shop')
  expect(said('zh-CN', 'apply web shop')).toBe('应用 web shop')
  expect(said('zh-CN', 'recovery')).toBe('检查被中断的应用')
})

test.each(APPLY_KINDS)('every kind of apply has words: %s', (kind) => {
  expect(said('en', `${kind} web`)).not.toBe(`${kind} web`)
  expect(said('zh-CN', `${kind} web`)).toMatch(/^\p{Script=Han}+.* web/u)
})

test('what this version does not know stays as it was written', () => {
  expect(said('zh-CN', 'polishing')).toBe('polishing')
})

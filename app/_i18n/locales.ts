/** Languages with complete messages, the default first; a new one is a folder of messages and a line here. */
export const LOCALES = ['en', 'zh-CN'] as const
export type Locale = (typeof LOCALES)[number]

/** What each language calls itself. */
export const LOCALE_NAMES: Record<Locale, string> = {
  en: 'English',
  'zh-CN': '简体中文',
}

export const LOCALE_COOKIE = 'locale'

/** Tells whether we have messages in this language. */
export function isLocale(text: string | undefined): text is Locale {
  return LOCALES.some((locale) => locale === text)
}

/** What a tag is read as: `zh`, `zh-SG` and `zh-Hans` are `zh-Hans`, `zh-TW` is `zh-Hant`; no tag at all is `undefined`. */
function writingOf(tag: string): string | undefined {
  try {
    const { language, script } = new Intl.Locale(tag).maximize()
    return `${language}-${script}`
  } catch {
    return undefined
  }
}

/** Finds the first language of an Accept-Language header (RFC 9110, 12.5.4) that we have, by weight. */
export function negotiateLocale(header: string | undefined): Locale {
  const wanted = (header ?? '').split(',').map((range) => {
    const [tag = '', ...parameters] = range.trim().split(';')
    const weight = parameters.find((it) => it.trim().startsWith('q='))?.split('=')[1]
    return { writing: writingOf(tag.trim()), weight: weight === undefined ? 1 : Number(weight) }
  })
  const sorted = wanted.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight)
  for (const { writing } of sorted) {
    const found = LOCALES.find((locale) => writingOf(locale) === writing)
    if (found !== undefined) return found
  }
  return LOCALES[0]
}

/** Languages with complete messages, the default first; a new one is a folder of messages and a line here. */
export const LOCALES = ['en'] as const
export type Locale = (typeof LOCALES)[number]

/** What each language calls itself. */
export const LOCALE_NAMES: Record<Locale, string> = { en: 'English' }

export const LOCALE_COOKIE = 'locale'

/** Tells whether we have messages in this language. */
export function isLocale(text: string | undefined): text is Locale {
  return LOCALES.some((locale) => locale === text)
}

/** Finds the first language of an Accept-Language header (RFC 9110, 12.5.4) that we have, by weight. */
export function negotiateLocale(header: string | undefined): Locale {
  const wanted = (header ?? '').split(',').map((range) => {
    const [tag = '', ...parameters] = range.trim().split(';')
    const weight = parameters.find((it) => it.trim().startsWith('q='))?.split('=')[1]
    return { tag: tag.toLowerCase(), weight: weight === undefined ? 1 : Number(weight) }
  })
  const sorted = wanted.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight)
  for (const { tag } of sorted) {
    const found = LOCALES.find((it) => {
      const own = it.toLowerCase()
      return tag === own || own.startsWith(`${tag}-`) || tag.startsWith(`${own}-`)
    })
    if (found !== undefined) return found
  }
  return LOCALES[0]
}

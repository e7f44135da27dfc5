import { useTranslations } from 'next-intl'
import type { Reason } from '@/lib/lvs/reason'
import { useSaidValues } from './said-values'
import { useWords } from './use-words'

/** What is the case, and what a person can do about it. */
export type ReasonText = { what: string; todo?: string }

const REFUSAL = 'refusal.'

/** An empty list in a sentence reads as a mistake. */
const filled = (values: Reason['values']): Reason['values'] =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value === '' ? '–' : value]),
  )

/**
 * Gives the function that says a reason of the pure core in words. A refusal has its remedy beside it; the reason of a
 * host that could not be read is a failure. Works in server and client components.
 */
export function useReasonText(): (reason: Reason) => ReasonText {
  const t = useTranslations('reasons')
  const words = useWords()
  const said = useSaidValues()
  // Codes come from values, so the compiler cannot know the keys.
  type Key = Parameters<typeof t>[0]
  return ({ code, values: given }) => {
    const values = filled(said(given))
    if (!t.has(code as Key)) return words.failure({ code: 'Unreachable', reason: code, values })
    const what = t(code as Key, values)
    if (!code.startsWith(REFUSAL)) return { what }
    return { what, todo: t(`remedy.${code.slice(REFUSAL.length)}` as Key, values) }
  }
}

import { useTranslations } from 'next-intl'
import type { Reason } from '@/lib/lvs/reason'

/** What happened, and what a person can do about it. */
export type ReasonText = { what: string; todo?: string }

type Values = Reason['values']

/** The part of a translator that takes codes which no compiler knows. */
export type Words = { (key: never, values: never): string; has: (key: never) => boolean }

function lookUp(words: Words, code: string, values: Values): ReasonText | undefined {
  const say = (key: string) => words(key as never, values as never)
  if (words.has(`${code}.what` as never)) {
    return { what: say(`${code}.what`), todo: say(`${code}.todo`) }
  }
  return words.has(code as never) ? { what: say(code) } : undefined
}

/** ICU's `select` has no case for an empty text: it is called `none`. */
const named = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value === '' ? 'none' : value]),
  )

/** Says a reason of the pure core in words: a reason of its own, or a failure of a host that could not be read. */
export function reasonText(reasons: Words, errors: Words, { code, values }: Reason): ReasonText {
  return (
    lookUp(reasons, code, named(values)) ??
    lookUp(errors, code, named(values)) ?? { what: reasons('unexpected' as never, { code } as never) }
  )
}

/** Gives the function that says reasons in the reader's language; for components that are not async. */
export function useReasonText(): (reason: Reason) => ReasonText {
  const reasons = useTranslations('reasons')
  const errors = useTranslations('errors')
  return (reason) => reasonText(reasons as Words, errors as Words, reason)
}

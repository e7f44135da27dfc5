import { useTranslations } from 'next-intl'
import type { Failure, Values } from '@/lib/errors'

/**
 * Turns the codes that lib throws into words (those it returns: reason-words.ts). A code without words is shown as
 * itself: bad, but true; app/_i18n/messages.test.ts keeps that from happening. Works in server and client components.
 */
export function useWords() {
  const errors = useTranslations('errors')
  const fields = useTranslations('fields')
  // Codes come from values, so the compiler cannot know the keys.
  type Key<T> = T extends (key: infer K, ...rest: never[]) => unknown ? K : never

  const failure = ({ reason, values, fields: wrong }: Failure) => {
    const all = { count: Object.keys(wrong ?? {}).length, ...values }
    const word = (part: 'what' | 'todo') => {
      const key = `${reason}.${part}` as Key<typeof errors>
      return errors.has(key) ? errors(key, all) : errors(`unexpected.${part}`, { code: reason })
    }
    return { what: word('what'), todo: word('todo') }
  }
  const field = (code: string, values: Values = {}): string => {
    const key = code as Key<typeof fields>
    return fields.has(key) ? fields(key, values) : code
  }
  return { failure, field }
}

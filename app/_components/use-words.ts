import { useTranslations } from 'next-intl'
import type { Failure, Values } from '@/lib/errors'
import { useSaidValues } from './said-values'

/**
 * ICU's `select` cannot compare a text that is empty or has a hyphen: beside each text `x` its messages find `xCase`,
 * `real-server` as `realServer` and nothing as `none`.
 */
function withCases(values: Values): Values {
  const cases = Object.entries(values).flatMap(([name, value]) => {
    if (typeof value !== 'string') return []
    const word = value.replaceAll(/-(\w)/g, (_, first: string) => first.toUpperCase())
    return [[`${name}Case`, word === '' ? 'none' : word]]
  })
  return { ...values, ...Object.fromEntries(cases) }
}

/** A value that was not given must cost its word, not the whole sentence. */
function placeholders(message: string): Values {
  const names = [...message.matchAll(/\{\s*(\w+)/g)].map(([, name = '']) => name)
  return Object.fromEntries(names.map((name) => [name, name.endsWith('Case') ? 'none' : '?']))
}

/**
 * Turns the codes that lib throws into words (those it returns: reason-words.ts). A code without words is shown as
 * itself: bad, but true; app/_i18n/messages.test.ts keeps that from happening. Works in server and client components.
 */
export function useWords() {
  const errors = useTranslations('errors')
  const fields = useTranslations('fields')
  const said = useSaidValues()
  // Codes come from values, so the compiler cannot know the keys.
  type Key<T> = T extends (key: infer K, ...rest: never[]) => unknown ? K : never

  const failure = ({ reason, values, fields: wrong }: Failure) => {
    const all = { count: Object.keys(wrong ?? {}).length, ...withCases(said(values)) }
    const word = (part: 'what' | 'todo') => {
      const key = `${reason}.${part}` as Key<typeof errors>
      if (!errors.has(key)) return errors(`unexpected.${part}`, { code: reason })
      return errors(key, { ...placeholders(String(errors.raw(key))), ...all })
    }
    return { what: word('what'), todo: word('todo') }
  }
  const field = (code: string, values: Values = {}): string => {
    const key = code as Key<typeof fields>
    return fields.has(key) ? fields(key, said(values)) : code
  }
  return { failure, field }
}

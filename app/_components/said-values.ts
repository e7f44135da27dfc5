import { useTranslations } from 'next-intl'
import { useList } from '@/app/_ui/use-format'
import type { Values } from '@/lib/errors'

/** Values that lib joins with commas: it knows no language. */
const LISTS = new Set(['clusters', 'directors', 'entries', 'files', 'hosts', 'services', 'vips'])

// As formatItem writes them: `module ipip`, `address 172.25.254.100 on tunl0`.
const ITEM = /^(module|sysctl|link|service|file|unit) (.+)$/
const ADDRESS = /^address (\S+) on (\S+)$/
const ENTRY = /^entry (\S+) in (.+)$/

/** Gives the function that says an item, given as formatItem writes it; what is none stays as it is. */
export function useItemWords(): (item: string) => string {
  const t = useTranslations('common.item')
  type Kind = 'module' | 'sysctl' | 'link' | 'service' | 'file' | 'unit'
  return (item) => {
    const [, kind, name = ''] = ITEM.exec(item) ?? []
    if (kind !== undefined) return t(kind as Kind, { name })
    const [, address, device = ''] = ADDRESS.exec(item) ?? []
    if (address !== undefined) return t('address', { address, device })
    const [, realServer, service = ''] = ENTRY.exec(item) ?? []
    return realServer === undefined ? item : t('entry', { realServer, service })
  }
}

/** Gives the function that puts the values of a sentence into the reader's language: lists of names, and items. */
export function useSaidValues(): (values: Values) => Values {
  const list = useList()
  const itemWords = useItemWords()
  const say = (name: string, value: string | number) => {
    if (typeof value !== 'string') return value
    if (name === 'item') return itemWords(value)
    return LISTS.has(name) ? list(value.split(', ')) : value
  }
  return (values) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, say(name, value)]))
}

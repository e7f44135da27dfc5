import { useTranslations } from 'next-intl'
import { ReadingHosts } from '@/app/_components/reading-hosts'

/** Stands where something will be that is read from hosts now. */
export function Reading({ hosts }: { hosts: number }) {
  const t = useTranslations('saves')
  return <ReadingHosts title={t('reading', { count: hosts })} note={t('readingNote')} />
}

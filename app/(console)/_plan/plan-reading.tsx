import { useTranslations } from 'next-intl'
import { ReadingHosts } from '@/app/_components/reading-hosts'

/** Stands where the plan will be while its hosts are read. */
export function PlanReading({ hosts }: { hosts: number }) {
  const t = useTranslations('plan')
  return <ReadingHosts title={t('reading', { count: hosts })} note={t('readingNote')} />
}

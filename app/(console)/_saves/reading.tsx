import { useTranslations } from 'next-intl'
import { Card } from '@/app/_ui/card'
import { Icon } from '@/app/_ui/icon'
import { SkeletonRows } from '@/app/_ui/skeleton'

/** Stands where something will be that is read from hosts now. */
export function Reading({ hosts }: { hosts: number }) {
  const t = useTranslations('saves')
  return (
    <div className="flex flex-col gap-4">
      <div>
        <p className="flex items-center gap-2 font-strong text-lg">
          <Icon name="running" className="text-info" />
          {t('reading', { count: hosts })}
        </p>
        <p className="text-muted text-sm">{t('readingNote')}</p>
      </div>
      <Card padded={false}>
        <SkeletonRows rows={6} label={t('reading', { count: hosts })} />
      </Card>
    </div>
  )
}

import { getTranslations } from 'next-intl/server'
import { Card } from '@/app/_ui/card'
import { EmptyState } from '@/app/_ui/empty-state'
import { LinkButton } from '@/app/_ui/link-button'
import { paths, type Subject } from '@/app/paths'
import type { Save } from '@/lib/db/saves'
import { SavesTable } from './saves-table'

/** The history of what was written into files, or what would be here. */
export async function SavesCard({ saves, scope }: { saves: readonly Save[]; scope: Subject }) {
  const t = await getTranslations('saves.history')
  return (
    <Card title={t('title')} note={t('note')} padded={false}>
      {saves.length > 0 ? (
        <SavesTable saves={saves} withHost={scope.kind === 'cluster'} />
      ) : (
        <EmptyState
          icon="history"
          title={t('emptyTitle')}
          actions={
            <LinkButton href={paths.savePlan(scope)} icon="plan">
              {t('emptyAction')}
            </LinkButton>
          }
        >
          {t('emptyText')}
        </EmptyState>
      )}
    </Card>
  )
}

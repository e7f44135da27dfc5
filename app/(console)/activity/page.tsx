import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { RefreshEvery } from '@/app/_components/refresh-every'
import { Card } from '@/app/_ui/card'
import { EmptyState } from '@/app/_ui/empty-state'
import { LinkButton } from '@/app/_ui/link-button'
import { PageHead } from '@/app/_ui/page-head'
import { paths } from '@/app/paths'
import { requireSession } from '@/app/session'
import { reaches } from '@/lib/auth/roles'
import { listApplies } from '@/lib/db/applies'
import { listAuditEvents } from '@/lib/db/audit'
import { ApplyTable } from './apply-table'
import { DRIFT_ACTIONS, DriftEvents } from './drift-events'
import { LocksCard } from './locks-card'
import { readLocks } from './read-locks'

/** Older ones are in their clusters' history; more rows than this are not read by anybody. */
const SHOWN = 200
const SHOWN_EVENTS = 20
/** Hosts are read every 10 s at most: more often would show nothing new. */
const REFRESH_SECONDS = 10

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('activity'))('title') }
}

/** Every apply, with who, when and what came of it. */
export default async function ActivityPage() {
  const { user } = await requireSession()
  const applies = await listApplies({ limit: SHOWN })
  const locks = await readLocks()
  const events = await listAuditEvents({ actions: DRIFT_ACTIONS, limit: SHOWN_EVENTS })
  const t = await getTranslations('activity')
  return (
    <>
      <RefreshEvery seconds={REFRESH_SECONDS} />
      <PageHead title={t('title')} state={t('note')} />
      <LocksCard locks={locks} mayBreak={reaches(user.role, 'operator')} />
      {events.length > 0 && <DriftEvents events={events} />}
      <Card padded={false}>
        {applies.length > 0 ? (
          <ApplyTable applies={applies} />
        ) : (
          <EmptyState
            icon="history"
            title={t('empty.title')}
            actions={<LinkButton href={paths.clusters}>{t('empty.action')}</LinkButton>}
          >
            {t('empty.text')}
          </EmptyState>
        )}
      </Card>
    </>
  )
}

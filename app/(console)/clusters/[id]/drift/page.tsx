import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { readCluster } from '@/app/_components/read-cluster'
import { type ReadingView, readReadings } from '@/app/_components/read-drift'
import { RefreshEvery } from '@/app/_components/refresh-every'
import { Age } from '@/app/_ui/age'
import { Card } from '@/app/_ui/card'
import { EmptyState } from '@/app/_ui/empty-state'
import { State } from '@/app/_ui/state'
import { requireSession } from '@/app/session'
import { reaches } from '@/lib/auth/roles'
import { listDrift } from '@/lib/db/drift'
import { getHostRefs } from '@/lib/db/hosts'
import { DriftTable } from './drift-table'
import { IgnoredList } from './ignored-list'
import { driftView } from './make-drift-view'

type Props = { params: Promise<{ id: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireSession()
  const { desired } = await readCluster((await params).id)
  return { title: (await getTranslations('drift'))('metaTitle', { name: desired.name }) }
}

const REFRESH_SECONDS = 10
/** A table that was cleared is thousands of rows: the plan has them all, a page the first. */
const SHOWN = 200

/** How old what is said here is, host by host. */
async function Readings({ readings }: { readings: readonly ReadingView[] }) {
  const t = await getTranslations('drift.readings')
  return (
    <Card title={t('title')} note={t('note')} padded={false}>
      <ul className="divide-y">
        {readings.map(({ host, readAt, failing }) => (
          <li key={host} className="row-height flex items-center justify-between gap-4 px-4">
            <span className="font-strong">{host}</span>
            <State tone={failing || readAt === undefined ? 'unknown' : 'ok'} quiet>
              {readAt === undefined
                ? t('never')
                : t.rich(failing ? 'lost' : 'read', { age: () => <Age at={readAt} /> })}
            </State>
          </li>
        ))}
      </ul>
    </Card>
  )
}

/** What somebody changed by hand, since when, and what to do about it. */
export default async function DriftPage({ params }: Props) {
  const { user } = await requireSession()
  const { desired, version } = await readCluster((await params).id)
  const mayChange = reaches(user.role, 'operator')
  const t = await getTranslations('drift')
  const all = await listDrift({ clusterId: desired.id })
  const hosts = await getHostRefs([...new Set(all.map(({ hostId }) => hostId))])
  const names = new Map(hosts.map(({ id, name }) => [id, name]))
  const views = all.map((drift) => driftView(drift, names.get(drift.hostId) ?? drift.hostId))
  const open = views.filter(({ ignored }) => ignored === undefined)
  const ignored = views.filter((view) => view.ignored !== undefined)
  return (
    <div className="flex flex-col gap-6">
      <RefreshEvery seconds={REFRESH_SECONDS} />
      {open.length === 0 ? (
        <Card padded={false}>
          <EmptyState icon="ok" title={t('emptyTitle')}>
            {t('emptyText')}
          </EmptyState>
        </Card>
      ) : (
        <DriftTable
          {...{ clusterId: desired.id, version, mayChange, total: open.length }}
          drifts={open.slice(0, SHOWN)}
        />
      )}
      {ignored.length > 0 && <IgnoredList drifts={ignored} mayChange={mayChange} />}
      <Readings readings={await readReadings(desired)} />
    </div>
  )
}

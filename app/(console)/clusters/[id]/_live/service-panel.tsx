'use client'

import { useTranslations } from 'next-intl'
import { cx } from '@/app/_ui/cx'
import { Disclosure } from '@/app/_ui/disclosure'
import type { ChartMark } from '@/app/_ui/uplot-plugins'
import type { LiveService } from '@/lib/lvs/live'
import { ClusterTopology } from './cluster-topology'
import { ConnectionsCard } from './connections-card'
import { DistributionCard } from './distribution-card'
import { NoRealServers } from './empty'
import type { LiveStore } from './live-store'
import type { PageFacts } from './page-facts'
import { RealServerTable } from './real-server-table'
import type { RealServerView, ServiceView } from './real-server-view'
import { type RowAct, RowMenu } from './row-menu'

type Props = {
  facts: PageFacts
  service: ServiceView
  rows: readonly RealServerView[]
  /** What the directors say of the service; absent = it stands in no table. */
  live: LiveService | undefined
  store: LiveStore
  /** A director was read at least once. */
  isRead: boolean
  /** No director can be read: everything here is old. */
  isLost: boolean
  /** Stays the same from one reading to the next. */
  onAct: (act: RowAct, rowId: string) => void
}

const menuOf = ({ id, name, state, desired, drain }: RealServerView) => ({
  ...{ id, name, state },
  ...(desired !== undefined && { desired }),
  ...(drain !== undefined && { drain }),
})

const withoutRate = ({ newPerSecond: _, ...row }: RealServerView): RealServerView => row

function CountsExplained() {
  const t = useTranslations('live.explain')
  return (
    <Disclosure summary={t('summary')}>
      <p className="max-w-[72ch] text-pretty text-muted text-sm">{t('text')}</p>
    </Disclosure>
  )
}

/** One virtual service: where its connections flow, its real servers, how even, and how it came to that. */
export function ServicePanel({ facts, service, rows, live, store, onAct, ...is }: Props) {
  const t = useTranslations('live.chart')
  const { clusterId, mayChange, directors } = facts
  const empty = <NoRealServers clusterId={clusterId} service={service} mayChange={mayChange} />
  const marks = facts.applies.map((at): ChartMark => ({ at: at / 1000, label: t('apply') }))
  const kind = [service.protocol, service.scheduler].filter((word) => word !== undefined)
  return (
    <div className={cx('flex flex-col gap-6', is.isLost && 'grayscale-75')}>
      <ClusterTopology
        director={{
          names: directors.map(({ name }) => name),
          dips: directors.map(({ dip }) => dip),
          endpoint: service.endpoint,
          kind: kind.join(' · '),
        }}
        rows={is.isLost ? rows.map(withoutRate) : rows}
        newPerSecond={is.isLost ? undefined : live?.connectionsPerSecond}
        isLost={is.isLost}
        empty={empty}
      />
      {rows.length > 0 && (
        <RealServerTable
          clusterId={clusterId}
          service={service.endpoint}
          rows={rows}
          foot={<CountsExplained />}
          menu={(row) => (
            <RowMenu {...menuOf(row)} clusterId={clusterId} mayChange={mayChange} onAct={onAct} />
          )}
        />
      )}
      {/* Of a service that stands in no table there is nothing to draw. */}
      {rows.length > 0 && (live !== undefined || !is.isRead) && (
        <div className="grid grid-cols-1 gap-6 xl:grid-cols-[minmax(0,1fr)_21rem]">
          <ConnectionsCard
            store={store}
            service={service.key}
            rows={rows}
            marks={marks}
            isStale={store.read().stream === 'reconnecting'}
          />
          <DistributionCard
            distribution={live?.distribution}
            rows={rows}
            scheduler={live?.scheduler ?? service.scheduler}
          />
        </div>
      )}
    </div>
  )
}

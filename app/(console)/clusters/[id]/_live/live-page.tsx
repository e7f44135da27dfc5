'use client'

import { useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import { Disclosure } from '@/app/_ui/disclosure'
import type { ChartMark } from '@/app/_ui/uplot-plugins'
import type { LiveService, LiveSnapshot } from '@/lib/lvs/live'
import { ActDialog } from './act-dialog'
import { ClusterTopology } from './cluster-topology'
import { ConnectionsCard } from './connections-card'
import { DistributionCard } from './distribution-card'
import { DrainDialog } from './drain-dialog'
import { drainTarget } from './drain-target'
import { NoRealServers } from './empty'
import { Hues } from './hues'
import { LiveNotes } from './live-notes'
import { joinServices } from './live-store'
import { LiveStrip } from './live-strip'
import { type Comparison, NOT_COMPARED, type PageFacts } from './page-facts'
import { RealServerTable } from './real-server-table'
import type { RealServerView } from './real-server-view'
import { type RowAct, RowMenu } from './row-menu'
import { ServiceTabs, useChosenService } from './service-tabs'
import { useFreshPage } from './use-fresh-page'
import { useLatest } from './use-latest'
import { useLive } from './use-live'
import { allServices, realServerViews, shapeOf } from './view'

const NO_SERVICES: readonly LiveService[] = []

/** Everything that a cluster does now: fed by one stream, drawn from what is desired and what was read. */
export function LivePage({
  facts,
  initial,
  comparison: comparing,
}: {
  facts: PageFacts
  initial: LiveSnapshot | undefined
  comparison: Promise<Comparison>
}) {
  const t = useTranslations('live')
  const { clusterId, version, drains, mayChange } = facts
  const { store, state } = useLive(clusterId, initial)
  const comparison = useLatest(comparing, NOT_COMPARED)
  const ours = useMemo(() => new Set(facts.ours), [facts.ours])
  const [hues] = useState(
    () => new Hues(facts.services.flatMap(({ realServers }) => realServers.map(({ rip }) => rip))),
  )
  const [act, setAct] = useState<{ kind: RowAct; rowId: string }>()
  const { snapshot } = state
  const live = snapshot?.services ?? NO_SERVICES
  const services = allServices(facts.services, live)
  const { chosen, choose } = useChosenService(services)

  const directors = snapshot?.directors ?? []
  const isRead = directors.some(({ readAt }) => readAt !== undefined)
  const isLost = directors.length > 0 && directors.every(({ lost }) => lost !== undefined)
  const liveOf = (key: string) => joinServices(live.filter((each) => each.key === key))
  const rowsOf = (service: (typeof services)[number]) =>
    realServerViews({
      ...{ service, live: liveOf(service.key), isRead, drains },
      ours,
      unreachable: new Set(comparison.unreachable),
      hueOf: (rip) => hues.indexOf(rip),
    })
  const allRows = services.flatMap(rowsOf)
  const isDue = allRows.some(
    ({ drain, active }) =>
      drain !== undefined && (drain.isRemoving || active === undefined || active === 0),
  )
  useFreshPage(shapeOf(snapshot), isDue)
  if (chosen === undefined) return null

  const rows = rowsOf(chosen)
  const now = liveOf(chosen.key)
  const acting = rows.find(({ id }) => id === act?.rowId)
  const start = (kind: RowAct, row: RealServerView) => setAct({ kind, rowId: row.id })
  const stop = () => setAct(undefined)
  const empty = <NoRealServers clusterId={clusterId} service={chosen} mayChange={mayChange} />
  const marks: readonly ChartMark[] = facts.applies.map((at) => ({
    at: at / 1000,
    label: t('chart.apply'),
  }))

  return (
    <div className="flex flex-col gap-6">
      <LiveStrip state={state} services={live} isLost={isLost} />
      <LiveNotes
        facts={facts}
        comparison={comparison}
        store={store}
        rows={allRows}
        onUndo={(row) => start('undo', row)}
      />
      {services.length > 1 && (
        <ServiceTabs services={services} live={liveOf} chosen={chosen.key} onChoose={choose} />
      )}
      <div className={isLost ? 'flex flex-col gap-6 opacity-60 grayscale' : 'flex flex-col gap-6'}>
        <ClusterTopology
          director={{
            names: facts.directors.map(({ name }) => name),
            dips: facts.directors.map(({ dip }) => dip),
            endpoint: chosen.endpoint,
            kind: [chosen.protocol, chosen.scheduler]
              .filter((word) => word !== undefined)
              .join(' · '),
          }}
          rows={isLost ? rows.map(({ newPerSecond: _, ...row }) => row) : rows}
          newPerSecond={isLost ? undefined : now?.connectionsPerSecond}
          isLost={isLost}
          empty={empty}
        />
        <div className="grid gap-6 xl:grid-cols-[minmax(0,1fr)_19.5rem]">
          <RealServerTable
            clusterId={clusterId}
            service={chosen.endpoint}
            rows={rows}
            empty={empty}
            foot={
              <Disclosure summary={t('explain.summary')}>
                <p className="max-w-[72ch] text-pretty text-muted text-sm">{t('explain.text')}</p>
              </Disclosure>
            }
            menu={(row) => (
              <RowMenu
                clusterId={clusterId}
                row={row}
                mayChange={mayChange}
                onAct={(kind) => start(kind, row)}
              />
            )}
          />
          <DistributionCard
            distribution={now?.distribution}
            rows={rows}
            scheduler={now?.scheduler ?? chosen.scheduler}
          />
        </div>
        <ConnectionsCard
          store={store}
          service={chosen.key}
          rows={rows}
          marks={marks}
          isStale={state.stream === 'reconnecting'}
        />
      </div>
      <DrainDialog
        {...{ clusterId, version }}
        target={act?.kind === 'drain' ? drainTarget(acting, chosen, services, rows) : undefined}
        onClose={stop}
      />
      {acting !== undefined && act !== undefined && act.kind !== 'drain' && (
        <ActDialog
          {...{ clusterId, version, service: chosen.endpoint }}
          act={act.kind}
          row={acting}
          onClose={stop}
        />
      )}
    </div>
  )
}

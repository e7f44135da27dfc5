'use client'

import { useMemo, useState } from 'react'
import type { LiveService, LiveSnapshot } from '@/lib/lvs/live'
import { Hues } from './hues'
import { joinServices } from './live-store'
import { type Comparison, NOT_COMPARED, type PageFacts } from './page-facts'
import type { RealServerView, ServiceView } from './real-server-view'
import { useFreshPage } from './use-fresh-page'
import { useLatest } from './use-latest'
import { useLive } from './use-live'
import { allServices, realServerViews, shapeOf } from './view'

const NO_SERVICES: readonly LiveService[] = []

export type PageInput = {
  facts: PageFacts
  /** What was known of the directors when the page was drawn; absent while nobody watched them. */
  initial: LiveSnapshot | undefined
  comparison: Promise<Comparison>
}

/** A drain is about to end, or has just: its outcome is in the database, not in the stream. */
const isEnding = ({ drain, active }: RealServerView) =>
  drain !== undefined && (drain.isRemoving || active === undefined || active === 0)

/** Everything that a cluster's page knows now: what is desired, what was read, and what was compared. */
export function useCluster({ facts, initial, comparison: comparing }: PageInput) {
  const { store, state } = useLive(facts.clusterId, initial)
  const comparison = useLatest(comparing, NOT_COMPARED)
  const ours = useMemo(() => new Set(facts.ours), [facts.ours])
  const unreachable = useMemo(() => new Set(comparison.unreachable), [comparison.unreachable])
  const [hues] = useState(
    () => new Hues(facts.services.flatMap(({ realServers }) => realServers.map(({ rip }) => rip))),
  )
  const directors = state.snapshot?.directors ?? []
  const live = state.snapshot?.services ?? NO_SERVICES
  const isRead = directors.some(({ readAt }) => readAt !== undefined)
  const isLost = directors.length > 0 && directors.every(({ lost }) => lost !== undefined)
  const services = allServices(facts.services, live)
  const liveOf = (key: string) => joinServices(live.filter((each) => each.key === key))
  const rowsOf = (service: ServiceView) =>
    realServerViews({
      ...{ service, live: liveOf(service.key), isRead, drains: facts.drains, ours, unreachable },
      hueOf: (rip) => hues.indexOf(rip),
    })
  const rows = services.flatMap(rowsOf)
  useFreshPage(shapeOf(state.snapshot), rows.some(isEnding))
  return { store, state, comparison, live, services, liveOf, rowsOf, rows, isRead, isLost }
}

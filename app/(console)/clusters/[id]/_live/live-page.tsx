'use client'

import { useCallback, useState } from 'react'
import { LiveNotes } from './live-notes'
import { LiveStrip } from './live-strip'
import { RowDialogs } from './row-dialogs'
import type { RowAct } from './row-menu'
import { ServicePanel } from './service-panel'
import { ServiceTabs, useChosenService } from './service-tabs'
import { type PageInput, useCluster } from './use-cluster'

/** Everything that a cluster does now: fed by one stream, drawn from what is desired and what was read. */
export function LivePage(input: PageInput) {
  const { facts } = input
  const cluster = useCluster(input)
  const { store, state, services, liveOf, isLost, isRead } = cluster
  const { chosen, choose } = useChosenService(services)
  const [act, setAct] = useState<{ kind: RowAct; service: string; row: string }>()
  const key = chosen?.key
  const onAct = useCallback(
    (kind: RowAct, row: string) => key !== undefined && setAct({ kind, service: key, row }),
    [key],
  )
  if (chosen === undefined) return null

  // A drain may be undone from its note while another service is shown.
  const acting = services.find(({ key }) => key === act?.service) ?? chosen
  return (
    <div className="flex flex-col gap-6">
      <LiveStrip state={state} services={cluster.live} isLost={isLost} />
      <LiveNotes
        facts={facts}
        comparison={cluster.comparison}
        store={store}
        services={services.map((service) => ({ service, rows: cluster.rowsOf(service) }))}
        onUndo={(service, row) => setAct({ kind: 'undo', service, row: row.id })}
      />
      {services.length > 1 && (
        <ServiceTabs services={services} live={liveOf} chosen={chosen.key} onChoose={choose} />
      )}
      <ServicePanel
        {...{ facts, store, isRead, isLost }}
        service={chosen}
        rows={cluster.rowsOf(chosen)}
        live={liveOf(chosen.key)}
        onAct={onAct}
      />
      <RowDialogs
        facts={facts}
        act={act}
        service={acting}
        services={services}
        rows={cluster.rowsOf(acting)}
        onClose={() => setAct(undefined)}
      />
    </div>
  )
}

'use client'

import { ActDialog } from './act-dialog'
import { DrainDialog } from './drain-dialog'
import { drainTarget } from './drain-target'
import type { PageFacts } from './page-facts'
import type { RealServerView, ServiceView } from './real-server-view'
import type { RowAct } from './row-menu'

type Props = {
  facts: PageFacts
  act: { kind: RowAct; row: string } | undefined
  service: ServiceView
  services: readonly ServiceView[]
  rows: readonly RealServerView[]
  onClose: () => void
}

/** The dialog of what was chosen in a row's menu; a row that is gone meanwhile closes it. */
export function RowDialogs({ facts, act, service, services, rows, onClose }: Props) {
  const row = rows.find(({ id }) => id === act?.row)
  if (act === undefined || row === undefined) return null
  const ids = { clusterId: facts.clusterId, version: facts.version }
  if (act.kind === 'drain') {
    const target = drainTarget(row, service, services, rows)
    return target && <DrainDialog {...ids} target={target} onClose={onClose} />
  }
  return (
    <ActDialog {...ids} service={service.endpoint} act={act.kind} row={row} onClose={onClose} />
  )
}

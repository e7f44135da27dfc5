import type { DrainTarget } from './drain-dialog'
import type { RealServerView, ServiceView } from './real-server-view'

/** Gathers what a person should know before a real server is drained; `undefined` where there is none to drain. */
export function drainTarget(
  row: RealServerView,
  service: ServiceView,
  services: readonly ServiceView[],
  rows: readonly RealServerView[],
): DrainTarget | undefined {
  const { desired } = row
  if (desired === undefined) return undefined
  const others = services
    .filter(({ key }) => key !== service.key)
    .flatMap(({ endpoint, realServers }) =>
      realServers.filter(({ rip }) => rip === row.rip).map(({ id }) => ({ id, service: endpoint })),
    )
  const isLast = !rows.some(({ id, weight }) => id !== row.id && (weight ?? 0) > 0)
  return { row, desired, service, others, isLast }
}

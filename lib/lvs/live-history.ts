import type { LiveHistory, LiveService } from './live'

/** Ten minutes: what a chart shows when a page opens. Longer belongs to history in the database. */
const KEEP_MS = 10 * 60_000

/** Active connections in columns: one time per point, one column per real server of each service. */
export type History = {
  at: number[]
  columns: Map<string, Map<string, (number | null)[]>>
}

export const noHistory = (): History => ({ at: [], columns: new Map() })

function columnOf(history: History, service: string, realServer: string): (number | null)[] {
  const columns = history.columns.get(service) ?? new Map<string, (number | null)[]>()
  history.columns.set(service, columns)
  const column = columns.get(realServer) ?? Array<null>(history.at.length).fill(null)
  columns.set(realServer, column)
  return column
}

function eachColumn(history: History, visit: (column: (number | null)[]) => void): void {
  for (const columns of history.columns.values())
    for (const column of columns.values()) visit(column)
}

function forget(history: History, before: number): void {
  const old = history.at.findIndex((at) => at >= before)
  if (old <= 0) return
  history.at.splice(0, old)
  eachColumn(history, (column) => column.splice(0, old))
  for (const columns of history.columns.values())
    for (const [name, column] of columns)
      if (column.every((value) => value === null)) columns.delete(name)
}

/**
 * Adds one point, in place: a column that `services` do not mention gets a gap there, and so does every column when the
 * director could not be read (no services). Forgets what is older than ten minutes.
 */
export function addPoint(
  history: History,
  at: number,
  services: readonly LiveService[] | undefined,
): void {
  for (const service of services ?? [])
    for (const entry of service.realServers) {
      const column = columnOf(history, service.key, entry.key)
      // A second director of the same service: its connections are added to those of the first.
      const counted = column.length > history.at.length ? (column.pop() ?? 0) : 0
      column.push(counted + entry.active)
    }
  history.at.push(at)
  eachColumn(history, (column) => {
    if (column.length < history.at.length) column.push(null)
  })
  forget(history, at - KEEP_MS)
}

/** Shows the history as browsers get it. */
export function showHistory(history: History, now: number): LiveHistory {
  const active = Object.fromEntries(
    [...history.columns].map(([service, columns]) => [service, Object.fromEntries(columns)]),
  )
  return { now, at: history.at, active }
}

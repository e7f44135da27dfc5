/** New connections per real server (formatRealServerKey) between two samples; times in milliseconds. */
export type Interval = {
  from: number
  to: number
  connections: ReadonlyMap<string, number>
}

/** The recent past of one service in which nothing but its connections changed. */
export type Window = {
  /** Scheduler, real servers and weights as one text: another one begins another window. */
  identity: string
  intervals: readonly Interval[]
}

export type WindowSum = {
  seconds: number
  /** New connections of each real server. */
  connections: ReadonlyMap<string, number>
  /** New connections per second of the whole service at the busier edge of the window. */
  edgePerSecond: number
}

/**
 * Moves a window on by what happened since the last sample, and forgets what ended before `keep` milliseconds ago.
 * No interval is a gap (reset, reboot, lost host); with another identity the interval saw both and is dropped too.
 */
export function slideWindow(
  window: Window | undefined,
  identity: string,
  interval: Interval | undefined,
  keep: number,
): Window {
  if (interval === undefined || window?.identity !== identity) return { identity, intervals: [] }
  const recent = window.intervals.filter(({ from }) => from >= interval.to - keep)
  return { identity, intervals: [...recent, interval] }
}

function perSecond({ from, to, connections }: Interval): number {
  const total = [...connections.values()].reduce((sum, count) => sum + count, 0)
  return (total * 1000) / (to - from)
}

/** Adds up a window; `undefined` while it has no interval. */
export function sumWindow({ intervals }: Window): WindowSum | undefined {
  const [first, last] = [intervals[0], intervals.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const connections = new Map<string, number>()
  for (const interval of intervals)
    for (const [name, count] of interval.connections)
      connections.set(name, (connections.get(name) ?? 0) + count)
  const edgePerSecond = Math.max(perSecond(first), perSecond(last))
  return { seconds: (last.to - first.from) / 1000, connections, edgePerSecond }
}

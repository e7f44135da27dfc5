import type { Samples } from '@/app/_ui/sparkline'
import type { LiveHistory, LiveSnapshot } from '@/lib/lvs/live'

/** What a row says of a cluster's traffic; absent figures are not known, never 0. */
export type LiveFigures = {
  active?: number
  connectionsPerSecond?: number
  /** When the directors were read last, in milliseconds since 1970; the oldest of them. */
  readAt?: number
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

/** Adds figures of which each must be known: a sum with a hole in it would be too small, and look true. */
function sumOfAll(figures: readonly (number | undefined)[]): number | undefined {
  const known = figures.filter((figure) => figure !== undefined)
  return known.length === figures.length && known.length > 0 ? sum(known) : undefined
}

/** Adds up what the live loops know of a cluster. */
export function liveFigures({ services, directors }: LiveSnapshot): LiveFigures {
  const isLost = directors.some((director) => director.lost !== undefined)
  const realServers = services.flatMap((service) => service.realServers)
  const active = isLost ? undefined : sumOfAll(realServers.map((it) => it.active))
  const rate = isLost ? undefined : sumOfAll(services.map((it) => it.connectionsPerSecond))
  const reads = directors.flatMap(({ readAt }) => readAt ?? [])
  return {
    ...(active !== undefined && { active }),
    ...(rate !== undefined && { connectionsPerSecond: rate }),
    ...(reads.length > 0 && { readAt: Math.min(...reads) }),
  }
}

/** Active connections of a whole cluster over the last ten minutes, in `steps` equal parts of that time. */
export function activeSamples({ now, at, active }: LiveHistory, steps: number): Samples {
  const SPAN_MS = 10 * 60_000
  const lines = Object.values(active).flatMap((service) => Object.values(service))
  const totals = at.map((_, index) => sumOfAll(lines.map((line) => line[index] ?? undefined)))
  return Array.from({ length: steps }, (_, step) => {
    const from = now - SPAN_MS + (step * SPAN_MS) / steps
    const until = from + SPAN_MS / steps
    const within = totals.filter((total, index) => {
      const time = at[index]
      return total !== undefined && time !== undefined && time >= from && time < until
    })
    const known = within.filter((total) => total !== undefined)
    return known.length === 0 ? undefined : sum(known) / known.length
  })
}

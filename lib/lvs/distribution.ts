import { type Reason, reason } from './reason'
import { isScheduler, type Promised, SCHEDULERS } from './scheduler'
import type { WindowSum } from './window'

/** What the verdict needs to know of a service, and of each of its real servers by name (formatRealServerKey). */
export type Balanced = {
  scheduler: string
  /** Sticky clients: one busy client breaks every promise (`-p`). */
  persistent: boolean
  entries: readonly { name: string; weight: number }[]
}

export type Share = {
  name: string
  /** New connections in the window; absent where they are not known. */
  connections?: number
  /** Measured share of all new connections, 0–1; absent while there are none. */
  share?: number
  /** Share that the scheduler promises, 0–1; absent where it promises none (lc, sh, fo …). */
  promised?: number
}

/** The distribution of new connections, measured against the promise, with a verdict in words. */
export type Distribution = {
  /** New connections that the verdict rests on, and the seconds in which they came. */
  connections: number
  seconds: number
  shares: Share[]
  verdict: Reason
  /** `good`, `bad`: the scheduler's promise was tested. `neutral`: there is none, or not enough to test it. */
  tone: 'good' | 'bad' | 'neutral'
}

/** Fewer connections than this prove nothing (LVS-TUN 6.1); more would keep the operator waiting. */
export const FEWEST = 20
/** The kernel copies each counter every 2 s (its estimator), each at its own moment: below this the copies tear. */
export const SHORTEST_SECONDS = 10
const TICK_SECONDS = 2
/** Several CPUs count at different instants (LVS-TUN 6.2). */
const SLACK = 2

const INFORMATIONAL: Record<Exclude<Promised, 'equal' | 'weight'>, string> = {
  least: 'distribution.by-least',
  priority: 'distribution.by-priority',
  hash: 'distribution.by-hash',
  random: 'distribution.by-chance',
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
const percent = (share: number) => Math.round(share * 100)

/** Tells the share that a scheduler promises a real server of this weight; `undefined` where it promises none. */
function promisedShare(balanced: Balanced, weight: number): number | undefined {
  const weights = balanced.entries.map((entry) => entry.weight).filter((each) => each > 0)
  if (balanced.persistent || !isScheduler(balanced.scheduler) || weights.length === 0) return
  const { promises } = SCHEDULERS[balanced.scheduler]
  if (promises !== 'equal' && promises !== 'weight') return undefined
  if (weight === 0) return 0
  return promises === 'equal' ? 1 / weights.length : weight / sum(weights)
}

/** rr and wrr are far more regular than chance, so chi-square would never alarm: their deviation has a bound. */
function bound(balanced: Balanced, promised: number, edgePerSecond: number): number {
  const weights = balanced.entries.map((entry) => entry.weight).filter((each) => each > 0)
  const cycle = balanced.scheduler === 'wrr' ? Math.max(...weights) / weights.reduce(gcd) : 0
  return cycle + SLACK + TICK_SECONDS * edgePerSecond * promised
}

type Judged = Pick<Distribution, 'verdict' | 'tone'>
const say = (tone: Distribution['tone'], code: string, values: Reason['values'] = {}): Judged => ({
  tone,
  verdict: reason(code, values),
})

type Known = Required<Share>

function judgeShares(balanced: Balanced, shares: readonly Known[], window: WindowSum): Judged {
  const { scheduler } = balanced
  const connections = sum(shares.map((share) => share.connections))
  const deviation = (share: Known) => Math.abs(share.connections - connections * share.promised)
  const [worst] = shares
    .filter((share) => deviation(share) > bound(balanced, share.promised, window.edgePerSecond))
    .sort((a, b) => deviation(b) - deviation(a))
  if (worst === undefined) return say('good', 'distribution.even', { scheduler, connections })
  return say('bad', 'distribution.uneven', {
    ...{ scheduler, connections, realServer: worst.name },
    ...{ measured: percent(worst.share), promised: percent(worst.promised) },
  })
}

/** Says what can be said without a promise; `undefined` when there is one to test. */
function judgeUntestable(balanced: Balanced): Judged | undefined {
  const { scheduler } = balanced
  if (balanced.entries.every((entry) => entry.weight === 0))
    return say('neutral', 'distribution.no-real-server')
  if (balanced.persistent) return say('neutral', 'distribution.not-testable', { scheduler })
  if (!isScheduler(scheduler)) return say('neutral', 'distribution.unknown', { scheduler })
  const { promises } = SCHEDULERS[scheduler]
  if (promises === 'equal' || promises === 'weight') return undefined
  return say('neutral', INFORMATIONAL[promises], { scheduler })
}

function judge(
  balanced: Balanced,
  shares: readonly Share[],
  window: WindowSum | undefined,
): Judged {
  const untestable = judgeUntestable(balanced)
  if (untestable !== undefined) return untestable
  const known = shares.flatMap((share) =>
    share.connections === undefined ? [] : { ...share, connections: share.connections },
  )
  if (window === undefined || known.length < shares.length)
    return say('neutral', 'distribution.waiting', { seconds: SHORTEST_SECONDS })
  const quiesced = new Set(balanced.entries.filter(({ weight }) => weight === 0).map((e) => e.name))
  const received = known.find((share) => quiesced.has(share.name) && share.connections > 0)
  if (received !== undefined)
    return say('bad', 'distribution.quiesced-received', {
      realServer: received.name,
      connections: received.connections,
    })
  const connections = sum(known.map((share) => share.connections))
  if (connections < FEWEST)
    return say('neutral', 'distribution.too-few', { connections, needed: FEWEST })
  if (window.seconds < SHORTEST_SECONDS)
    return say('neutral', 'distribution.waiting', {
      seconds: Math.ceil(SHORTEST_SECONDS - window.seconds),
    })
  const takers = known
    .filter((share) => !quiesced.has(share.name))
    .map((share) => ({ share: 0, promised: 0, ...share }))
  return judgeShares(balanced, takers, window)
}

/**
 * Judges how new connections were distributed in a window against what the scheduler promises (LVS-TUN 6): rr and wrr
 * by their deterministic bound; for the others, for sticky clients and for too few connections it says so instead.
 * Counts are of connections that were scheduled: an even distribution does not prove that a real server answers.
 */
export function judgeDistribution(balanced: Balanced, window: WindowSum | undefined): Distribution {
  const counts = balanced.entries.map((entry) => window?.connections.get(entry.name))
  const connections = sum(counts.filter((count) => count !== undefined))
  const shares = balanced.entries.map(({ name, weight }, index): Share => {
    const count = counts[index]
    const promised = promisedShare(balanced, weight)
    return {
      name,
      ...(count !== undefined && { connections: count }),
      ...(count !== undefined && connections > 0 && { share: count / connections }),
      ...(promised !== undefined && { promised }),
    }
  })
  return { connections, seconds: window?.seconds ?? 0, shares, ...judge(balanced, shares, window) }
}

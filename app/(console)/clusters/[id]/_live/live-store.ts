import type {
  LiveDirector,
  LiveHistory,
  LiveRealServer,
  LiveService,
  LiveSnapshot,
} from '@/lib/lvs/live'
import { CountHistory, GAP_MS, historyKey } from './count-history'

/** Whether the server's voice is heard: not yet, now, or not any more (and tried again). */
export type StreamState = 'connecting' | 'open' | 'reconnecting'

/** What a page of a cluster knows now, as one value that changes as a whole. */
export type LiveState = {
  stream: StreamState
  snapshot?: LiveSnapshot
  /** When the newest reading was made, by this browser's clock (milliseconds since 1970). */
  readAt?: number
}

const KEEP_MS = 10 * 60_000

/** Adds up the figures of one real server on several directors; a figure that one lacks is not known. */
function add(a: LiveRealServer, b: LiveRealServer): LiveRealServer {
  const sum = (x: number | undefined, y: number | undefined) =>
    x === undefined || y === undefined ? undefined : x + y
  const { connectionsPerSecond: _, inBytesPerSecond: __, ...rest } = a
  const connectionsPerSecond = sum(a.connectionsPerSecond, b.connectionsPerSecond)
  const inBytesPerSecond = sum(a.inBytesPerSecond, b.inBytesPerSecond)
  return {
    ...rest,
    active: a.active + b.active,
    inactive: a.inactive + b.inactive,
    ...(connectionsPerSecond !== undefined && { connectionsPerSecond }),
    ...(inBytesPerSecond !== undefined && { inBytesPerSecond }),
  }
}

/** Joins what several directors say of one virtual service; verdict and promise are those of the first. */
export function joinServices(services: readonly LiveService[]): LiveService | undefined {
  const [first, ...others] = services
  if (first === undefined || others.length === 0) return first
  const joined = new Map(first.realServers.map((each) => [each.key, each]))
  for (const each of others.flatMap(({ realServers }) => realServers)) {
    const known = joined.get(each.key)
    joined.set(each.key, known === undefined ? each : add(known, each))
  }
  return { ...first, realServers: [...joined.values()] }
}

/** Counts of a snapshot by historyKey; those of a lost director are old, and left out. */
function countsOf({ directors, services }: LiveSnapshot): Map<string, number> {
  const lost = new Set(directors.filter((each) => each.lost).map(({ hostId }) => hostId))
  const counts = new Map<string, number>()
  for (const { hostId, key, realServers } of services) {
    if (lost.has(hostId)) continue
    for (const realServer of realServers) {
      const name = historyKey(key, realServer.key)
      counts.set(name, (counts.get(name) ?? 0) + realServer.active)
    }
  }
  return counts
}

/** Finds the director that was read last. */
function newestOf(directors: readonly LiveDirector[]): LiveDirector | undefined {
  return directors
    .filter(({ readAt }) => readAt !== undefined)
    .sort((a, b) => (b.readAt ?? 0) - (a.readAt ?? 0))[0]
}

/**
 * What the stream has said so far, outside of React: the chart reads it at most once a frame of the screen, and
 * everything else when `subscribe` says so. Times of samples are Tunboard's; `now` turns this browser's into them.
 */
export class LiveStore {
  readonly history = new CountHistory(KEEP_MS)
  #state: LiveState = { stream: 'connecting' }
  #aheadMs = 0
  readonly #clock: () => number
  readonly #listeners = new Set<() => void>()

  constructor(initial?: LiveSnapshot, clock: () => number = Date.now) {
    this.#clock = clock
    if (initial !== undefined) this.#state = this.#after(initial, 'connecting')
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  read = (): LiveState => this.#state

  /** Tells the time by Tunboard's clock, in milliseconds since 1970. */
  now = (): number => this.#clock() - this.#aheadMs

  /** Turns a time of Tunboard's clock into one of this browser's. */
  toOwnClock = (at: number): number => at + this.#aheadMs

  /** Tells whether nothing new has come for so long that a chart must show it. */
  isQuiet(): boolean {
    const { lastAt } = this.history
    return lastAt !== undefined && this.now() - lastAt > GAP_MS
  }

  setStream(stream: StreamState): void {
    if (stream !== this.#state.stream) this.#set({ ...this.#state, stream })
  }

  takeHistory(history: LiveHistory): void {
    this.#aheadMs = this.#clock() - history.now
    for (const [index, at] of history.at.entries()) {
      const active = new Map<string, number>()
      for (const [service, realServers] of Object.entries(history.active))
        for (const [realServer, counts] of Object.entries(realServers)) {
          const count = counts[index]
          if (typeof count === 'number') active.set(historyKey(service, realServer), count)
        }
      this.history.push({ at, active })
    }
    this.#set({ ...this.#state, stream: 'open' })
  }

  takeSnapshot(snapshot: LiveSnapshot): void {
    const heard = snapshot.directors.filter(({ lost }) => lost === undefined)
    const readAt = newestOf(heard)?.readAt
    if (readAt !== undefined) this.history.push({ at: readAt, active: countsOf(snapshot) })
    this.#set(this.#after(snapshot, 'open'))
  }

  #after(snapshot: LiveSnapshot, stream: StreamState): LiveState {
    const ageMs = newestOf(snapshot.directors)?.ageMs
    const readAt = ageMs === undefined ? this.#state.readAt : this.#clock() - ageMs
    return { stream, snapshot, ...(readAt !== undefined && { readAt }) }
  }

  #set(state: LiveState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

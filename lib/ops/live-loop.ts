import { setTimeout as pause } from 'node:timers/promises'
import { TunboardError, Unreachable } from '@/lib/errors'
import { log } from '@/lib/log'
import { type Reason, reason } from '@/lib/lvs/reason'
import { createLiveReader, type LiveFrame } from '@/lib/ssh/live-reader'
import { liveScript } from '@/lib/ssh/live-script'
import { openStream } from '@/lib/ssh/stream'
import type { SshTarget } from '@/lib/ssh/target'
import { sshTarget } from './ssh-target'

export type LoopSettings = {
  /** Between two readings. The kernel renews its counters every 2 s: less costs the director and shows nothing new. */
  intervalMs: number
  /** Totals with every n-th reading: each costs the director a process. More makes the verdict slow. */
  totalsEvery: number
  /** No reading for this long: the director counts as lost. Less, and a busy one flickers. */
  silentMs: number
  /** The first wait before connecting anew; it doubles up to `retryMostMs`. */
  retryMs: number
  retryMostMs: number
}

export const LOOP_SETTINGS: LoopSettings = {
  intervalMs: 2_000,
  totalsEvery: 2,
  silentMs: 10_000,
  retryMs: 1_000,
  retryMostMs: 30_000,
}

/** Where sudo refuses, it writes to the director's log: ask again only every 10 minutes. */
const REFUSED_TOTALS_EVERY = 300

export type LoopListener = {
  /** What it throws ends the stream as unreadable. */
  onReading(frame: LiveFrame): void
  /** Called at each failed attempt; the next reading ends it. */
  onLost(why: Reason): void
}

export type DirectorLoop = {
  /** Closes the stream; resolves when nothing of the loop runs any more. */
  stop(): Promise<void>
}

/** How a stream that was open came to its end; no `why`: we closed it ourselves. */
type Ended = {
  why?: TunboardError
  readings: number
  /** Connect again at once, and read totals so often. */
  again?: { totalsEvery: number }
}

type Attempt = {
  target: SshTarget
  totalsEvery: number
  settings: LoopSettings
  listener: LoopListener
  signal: AbortSignal
}

/** Tells how often to read totals after a reading that asked for them; `undefined` after one that did not. */
function totalsEveryAfter(frame: LiveFrame, settings: LoopSettings): number | undefined {
  if (frame.denied !== undefined) return REFUSED_TOTALS_EVERY
  return frame.totals === undefined ? undefined : settings.totalsEvery
}

/** Runs one stream until it ends, falls silent, prints nonsense, or is stopped. Throws Unreachable when it cannot open. */
async function runStream({ target, totalsEvery, ...attempt }: Attempt): Promise<Ended> {
  const { settings, listener, signal } = attempt
  const sudo = target.become === 'sudo'
  const { script, nonce } = liveScript({ intervalMs: settings.intervalMs, totalsEvery, sudo })
  let readings = 0
  let isOver = false
  let silence: NodeJS.Timeout | undefined
  let end: (how: Omit<Ended, 'readings'>) => void = () => undefined
  const ended = new Promise<Ended>((resolve) => {
    end = (how) => {
      isOver = true
      resolve({ ...how, readings })
    }
  })
  const onFrame = (frame: LiveFrame) => {
    // what a closed stream still had on its way would come between the readings of the next one
    if (isOver) return
    silence?.refresh()
    readings += 1
    try {
      listener.onReading(frame)
    } catch (error) {
      if (!(error instanceof TunboardError)) throw error
      end({ why: error })
    }
    const wanted = totalsEveryAfter(frame, settings) ?? totalsEvery
    if (wanted !== totalsEvery) end({ again: { totalsEvery: wanted } })
  }
  const stream = await openStream(target, script, {
    onChunk: createLiveReader(nonce, onFrame),
    onEnd: (why) => end({ ...(why && { why }) }),
  })
  const silent = new Unreachable('timeout', { host: target.name })
  silence = setTimeout(() => end({ why: silent }), settings.silentMs)
  const stop = () => end({})
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) end({})
  try {
    return await ended
  } finally {
    clearTimeout(silence)
    signal.removeEventListener('abort', stop)
    stream.close()
  }
}

/** Makes one attempt, from reading the host's configuration to the end of its stream. */
async function attempt(hostId: string, rest: Omit<Attempt, 'target'>): Promise<Ended> {
  try {
    const target = await sshTarget(hostId)
    const ended = await runStream({ target, ...rest })
    if (ended.why !== undefined) rest.listener.onLost(whyLost(ended.why, target.name))
    return ended
  } catch (error) {
    if (!(error instanceof TunboardError)) throw error
    rest.listener.onLost(whyLost(error))
    return { why: error, readings: 0 }
  }
}

function whyLost(error: TunboardError, host?: string): Reason {
  return reason(error.reason, { ...(host !== undefined && { host }), ...error.values })
}

/**
 * Reads one director for as long as it is wanted: on one channel of the host's one connection, anew with growing waits
 * when it is lost. Where ipvsadm is refused, it goes on with counts alone and asks rarely again. Never throws.
 */
export function startDirectorLoop(
  hostId: string,
  listener: LoopListener,
  settings: LoopSettings = LOOP_SETTINGS,
): DirectorLoop {
  const stopping = new AbortController()
  const { signal } = stopping

  async function run(): Promise<void> {
    let wait = settings.retryMs
    let totalsEvery = settings.totalsEvery
    while (!signal.aborted) {
      const ended = await attempt(hostId, { totalsEvery, settings, listener, signal })
      if (ended.readings > 0) wait = settings.retryMs
      totalsEvery = ended.again?.totalsEvery ?? settings.totalsEvery
      if (ended.again !== undefined) continue
      await pause(wait, undefined, { signal }).catch(() => undefined)
      wait = Math.min(wait * 2, settings.retryMostMs)
    }
  }

  const running = run().catch((error: unknown) => {
    log.error('The live loop of a director made a mistake and ended.', { hostId, error })
  })
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}

import { listApprovedHosts } from '@/lib/db/hosts'
import { log } from '@/lib/log'
import type { HostRef } from '@/lib/lvs/running'
import { type Looked, lookForDrift } from './radar'
import { getRadarSeconds } from './radar-settings'

/** How often it is looked whose turn it is: a host may be read this much later than asked for. */
const TICK_MS = 1_000
/** Hosts that are read at once. More, and fifty hosts are fifty key exchanges in one moment; fewer, and slow ones hold up. */
const AT_ONCE = 8
/** A dead host is asked this often at least: whoever repaired it wants to see it. */
const MOST_MS = 600_000

type Turn = { dueAt: number; failures: number }
type Radar = { turns: Map<string, Turn>; reading: Map<string, Promise<void>> }

// Next.js loads modules several times in one process: an action asks for what the loop does.
const shared = globalThis as { tunboardRadar?: Radar }
const radar = (): Radar => {
  shared.tunboardRadar ??= { turns: new Map(), reading: new Map() }
  return shared.tunboardRadar
}

/** Has hosts read as soon as the loop comes round: something was done there. */
export function readSoon(hostIds: readonly string[]): void {
  for (const id of hostIds) radar().turns.delete(id)
}

/** When a host's next turn is, by how the last one ended; each failure in a row doubles the pause. */
export function nextTurn(
  looked: Looked,
  { now, intervalMs, failures }: { now: number; intervalMs: number; failures: number },
): Turn {
  if (looked === 'busy' || looked === 'moved') return { dueAt: now + TICK_MS, failures }
  if (looked === 'read') return { dueAt: now + intervalMs, failures: 0 }
  const pause = Math.min(intervalMs * 2 ** Math.min(failures, 10), Math.max(MOST_MS, intervalMs))
  return { dueAt: now + pause, failures: failures + 1 }
}

async function take(host: HostRef, intervalMs: number): Promise<void> {
  const { turns, reading } = radar()
  const failures = turns.get(host.id)?.failures ?? 0
  let looked: Looked = 'failed'
  try {
    looked = await lookForDrift(host)
  } catch (error) {
    log.error('A host could not be looked at for drift', { host: host.name, error })
  } finally {
    turns.set(host.id, nextTurn(looked, { now: Date.now(), intervalMs, failures }))
    reading.delete(host.id)
  }
}

/** Starts reading the hosts whose turn it is; does not wait for them: one that hangs holds up nobody. */
export async function radarTick(now: number): Promise<void> {
  const { turns, reading } = radar()
  const intervalMs = (await getRadarSeconds()) * 1000
  for (const host of await listApprovedHosts()) {
    if (reading.size >= AT_ONCE) return
    const turn = turns.get(host.id)
    // a shorter interval holds at once, not after the longer one has passed
    const dueAt =
      turn?.failures === 0 ? Math.min(turn.dueAt, now + intervalMs) : (turn?.dueAt ?? now)
    if (dueAt !== turn?.dueAt && turn !== undefined) turns.set(host.id, { ...turn, dueAt })
    if (reading.has(host.id) || dueAt > now) continue
    reading.set(host.id, take(host, intervalMs))
  }
}

/** Reads every host on its schedule until it is stopped; what is under way is waited for. */
export function startRadar(): { stop: () => Promise<void> } {
  let ticking = Promise.resolve()
  const tick = async () => {
    try {
      await radarTick(Date.now())
    } catch (error) {
      log.error('The drift radar missed a turn', { error })
    }
  }
  const timer = setInterval(() => {
    ticking = ticking.then(tick)
  }, TICK_MS)
  return {
    async stop() {
      clearInterval(timer)
      await ticking
      await Promise.all(radar().reading.values())
    },
  }
}

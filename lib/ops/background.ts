import { interruptApplies } from '@/lib/db/apply-steps'
import { inTransaction } from '@/lib/db/transaction'
import { log } from '@/lib/log'
import { closeAll } from '@/lib/ssh/client'
import { checkSaved } from './check-saved'
import { startLive, stopLive } from './live'
import { payDebts } from './pay-debts'
import { startRadar } from './radar-loop'
import { recoverApplies } from './recover-applies'
import { watchDrains } from './watch-drains'
import { watchUndos } from './watch-undos'

/** A drain's countdown is looked at by people: slower would look stuck; faster would read the director for nothing. */
const DRAINS_MS = 2_000
/** A host that is back is cleaned up within this time; more often would knock at dead hosts without end. */
const DEBTS_MS = 15_000

/** A timer that went off is shown as soon; what Tunboard is to confirm has 10 s at least. */
const UNDOS_MS = 1_000

/** A dead owner's locks go within 30 s; what was interrupted is then looked at soon after. */
const RECOVERY_MS = 10_000

/** What a host has saved is read again in this time: somebody's edit shows; more often would fork for nothing. */
const SAVED_MS = 300_000

type Loop = { stop: () => Promise<void> }

// Next.js loads modules several times in one process; the loops must run once.
const shared = globalThis as { tunboardLoops?: Loop[] }

/** Repeats work with a pause after each round; a round that fails is logged and the next one comes all the same. */
function repeat(name: string, work: () => Promise<void>, pauseMs: number): Loop {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const round = async () => {
    try {
      await work()
    } catch (error) {
      log.error('A round of background work failed', { name, error })
    }
    if (!stopped) timer = setTimeout(next, pauseMs)
  }
  let running = Promise.resolve()
  const next = () => {
    running = round()
  }
  next()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}

/** Says of applies that an earlier process did not end that they were interrupted, then starts what runs by itself. */
export async function startBackground(): Promise<void> {
  if (shared.tunboardLoops !== undefined) return
  shared.tunboardLoops = []
  const interrupted = await inTransaction((tx) => interruptApplies(tx, new Date()))
  if (interrupted.length > 0)
    log.warn(
      'Applies were interrupted when Tunboard ended; their clusters show what is different',
      {
        applies: interrupted.join(' '),
      },
    )
  shared.tunboardLoops.push(
    repeat('drains', () => watchDrains(), DRAINS_MS),
    repeat('undos', () => watchUndos(), UNDOS_MS),
    repeat('recovery', () => recoverApplies(), RECOVERY_MS),
    repeat('debts', payDebts, DEBTS_MS),
    repeat('saved', () => checkSaved(), SAVED_MS),
    startRadar(),
  )
  await startLive()
}

/** Stops what runs by itself and closes every connection to hosts; a round that is under way is waited for. */
export async function stopBackground(): Promise<void> {
  const loops = shared.tunboardLoops ?? []
  delete shared.tunboardLoops
  await stopLive()
  await Promise.all(loops.map(({ stop }) => stop()))
  await closeAll()
}

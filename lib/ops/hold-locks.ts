import { type Lease, releaseLocks, renewLocks } from '@/lib/db/locks'
import { log } from '@/lib/log'
import type { Fence } from '@/lib/ssh/batch'
import { isLost } from './break-lock'
import { keepFences } from './fences'

/** Renewed three times in the life of a lease (30 s): one slow write does not lose it. */
const RENEW_MS = 10_000

export type Held = {
  applyId: string
  hostIds: readonly string[]
  leases: readonly Lease[]
  fence: Fence
  now: () => Date
}

/**
 * Keeps leases and fences while work goes on; the function that it returns stops that and gives the leases back. What goes
 * wrong is said once, not every ten seconds: the apply itself ends before its next batch where a lease is lost.
 */
export function holdLocks({ leases, fence, hostIds, now, applyId }: Held): () => Promise<void> {
  let isFailing = false
  const keep = async () => {
    try {
      await renewLocks(leases, now())
      await keepFences(hostIds, fence)
      isFailing = false
    } catch (error) {
      if (!isFailing) log.error('A lease could not be renewed', { applyId, error })
      isFailing = true
      if (isLost(error)) clearInterval(timer) // a lost one never comes back
    }
  }
  const timer = setInterval(() => void keep(), RENEW_MS)
  return async () => {
    clearInterval(timer)
    await releaseLocks(leases, now())
  }
}

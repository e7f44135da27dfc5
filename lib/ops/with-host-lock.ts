import { releaseLocks, takeLocks } from '@/lib/db/locks'
import type { Context } from './context'

/** Holds a host's lock during `work`, so that no apply is under way on it. Throws Conflict('locked'). */
export async function withHostLock<T>(
  { actor, now }: Context,
  { hostId, reason }: { hostId: string; reason: string },
  work: () => Promise<T>,
): Promise<T> {
  const leases = await takeLocks([hostId], { owner: actor.name, reason, now: now() })
  try {
    return await work()
  } finally {
    await releaseLocks(leases, now())
  }
}

import { TunboardError } from '@/lib/errors'
import { log } from '@/lib/log'
import type { Fence } from '@/lib/ssh/batch'
import { giveFence, keepFence } from '@/lib/ssh/fence'
import { stripControls } from '@/lib/ssh/frames'

/** Longer than anybody's name and his cluster's; it stands in the list of processes of a host. */
const WORDS = 80

/** Who holds a fence, as it may stand among a process's arguments. */
export const fenceWords = (text: string): string =>
  stripControls(text).replace(/\s+/g, ' ').slice(0, WORDS).toWellFormed()

async function each(hostIds: readonly string[], work: (hostId: string) => Promise<void>) {
  for (const result of await Promise.allSettled(hostIds.map(work))) {
    if (result.status === 'fulfilled') continue
    if (!(result.reason instanceof TunboardError)) throw result.reason
    log.warn('A fence could not be reached; it falls by itself', { error: result.reason })
  }
}

/** Gives back what this process holds on hosts that it is connected to; elsewhere it has fallen with the connection. */
export const giveFences = (hostIds: readonly string[]): Promise<void> => each(hostIds, giveFence)

/** Lets the fences of hosts live on while other hosts are worked on. */
export const keepFences = (hostIds: readonly string[], fence: Fence): Promise<void> =>
  each(hostIds, (hostId) => keepFence(hostId, fence))

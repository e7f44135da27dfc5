import type { LiveHistory } from '@/lib/lvs/live'
import { readLive, subscribeLive } from '@/lib/ops/live'

/** Reads the last ten minutes of a cluster that is watched; `undefined` where nobody watches it. */
export function readLiveHistory(clusterId: string): LiveHistory | undefined {
  // Following a cluster begins to watch it: one that is not watched is left alone.
  if (readLive(clusterId) === undefined) return undefined
  let history: LiveHistory | undefined
  const stop = subscribeLive(clusterId, {
    onMessage: ({ event, data }) => {
      if (event === 'history') history = JSON.parse(data) as LiveHistory
    },
    onEnd: () => undefined,
  })
  stop()
  return history
}

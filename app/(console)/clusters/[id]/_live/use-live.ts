'use client'

import { useEffect, useState, useSyncExternalStore } from 'react'
import { paths } from '@/app/paths'
import type { LiveSnapshot } from '@/lib/lvs/live'
import { follow } from './follow'
import { type LiveState, LiveStore } from './live-store'

/** Follows a cluster as long as the page is open, from what was known when it was drawn: one stream for all of it. */
export function useLive(
  clusterId: string,
  initial: LiveSnapshot | undefined,
): { store: LiveStore; state: LiveState } {
  const [store] = useState(() => new LiveStore(initial))
  const state = useSyncExternalStore(store.subscribe, store.read, store.read)
  useEffect(() => follow(paths.liveStream(clusterId), store), [clusterId, store])
  return { store, state }
}

'use client'

import { useEffect, useState, useSyncExternalStore } from 'react'
import { paths } from '@/app/paths'
import type { LiveHistory, LiveSnapshot } from '@/lib/lvs/live'
import { type LiveState, LiveStore } from './live-store'

/** A browser gives up on an EventSource whose server answered with an error: then we try again ourselves. */
const RETRY_MS = 4000

/** Feeds a store from the stream of a cluster; returns what ends it. */
function follow(clusterId: string, store: LiveStore): () => void {
  let source: EventSource | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  const open = () => {
    source = new EventSource(paths.liveStream(clusterId))
    // What the server sends is made by types of our own: lib/lvs/live.ts.
    source.addEventListener('history', ({ data }: MessageEvent<string>) =>
      store.takeHistory(JSON.parse(data) as LiveHistory),
    )
    source.addEventListener('live', ({ data }: MessageEvent<string>) =>
      store.takeSnapshot(JSON.parse(data) as LiveSnapshot),
    )
    source.addEventListener('error', () => {
      store.setStream('reconnecting')
      if (source?.readyState === EventSource.CLOSED) retry = setTimeout(open, RETRY_MS)
    })
  }
  open()
  return () => {
    clearTimeout(retry)
    source?.close()
  }
}

/** Follows a cluster as long as the page is open, from what was known when it was drawn: one stream for all of it. */
export function useLive(
  clusterId: string,
  initial: LiveSnapshot | undefined,
): { store: LiveStore; state: LiveState } {
  const [store] = useState(() => new LiveStore(initial))
  const state = useSyncExternalStore(store.subscribe, store.read, store.read)
  useEffect(() => follow(clusterId, store), [clusterId, store])
  return { store, state }
}

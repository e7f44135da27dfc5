import type { LiveHistory, LiveSnapshot } from '@/lib/lvs/live'
import type { LiveStore } from './live-store'

/** A browser gives up on a stream that the server refused, e.g. while it restarts: then we ask again this often. */
export const RETRY_MS = 4000

/** Feeds a store from the live stream at `url`; returns what ends it, for good. */
export function follow(url: string, store: LiveStore): () => void {
  let source: EventSource | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  const open = () => {
    source = new EventSource(url)
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

/** How an open event stream is fed. */
export type EventFeed = {
  /** Sends one event; tells whether it was taken: a browser that does not read is left out, not waited for. */
  send(event: string, data: string): boolean
  /** Ends the stream; more than once does nothing. */
  end(): void
}

/** Proxies cut connections on which nothing is said for a minute or less. */
const HEARTBEAT_MS = 15_000
/** Events that may wait for a slow browser; a new picture of everything comes soon after one that was left out. */
const MOST_WAITING = 32

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  // `no-transform` keeps Next.js and proxies from compressing, which would hold events back.
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
}

/**
 * Answers with server-sent events (HTML Standard, 9.2). `open` gets the feed and returns what stops feeding it, which
 * runs once: when the browser leaves, when `end` is called, or when `open` itself fails.
 */
export function eventStream(signal: AbortSignal, open: (feed: EventFeed) => () => void): Response {
  const encoder = new TextEncoder()
  const stops: (() => void)[] = []
  let ended = false
  /** Stops everything that feeds the stream; tells whether this was the first call. */
  const finish = (): boolean => {
    if (ended) return false
    ended = true
    for (const stop of stops) stop()
    return true
  }
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const write = (text: string): boolean => {
          if (ended || (controller.desiredSize ?? 0) <= 0) return false
          controller.enqueue(encoder.encode(text))
          return true
        }
        const end = () => {
          if (finish()) controller.close()
        }
        const heartbeat = setInterval(() => write(': \n\n'), HEARTBEAT_MS)
        stops.push(() => clearInterval(heartbeat))
        signal.addEventListener('abort', end, { once: true })
        stops.push(() => signal.removeEventListener('abort', end))
        // Says at once that the stream is open: some proxies hold the head back until something follows.
        write('retry: 2000\n\n')
        try {
          const send = (event: string, data: string) => write(`event: ${event}\ndata: ${data}\n\n`)
          const stop = open({ send, end })
          if (ended) stop()
          else stops.push(stop)
        } catch (error) {
          finish()
          throw error
        }
        if (signal.aborted) end()
      },
      cancel: () => void finish(),
    },
    { highWaterMark: MOST_WAITING },
  )
  return new Response(body, { headers: HEADERS })
}

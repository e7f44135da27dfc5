import { eventStream } from '@/app/event-stream'
import { handler } from '@/app/handler'
import { getApply } from '@/lib/db/applies'
import { type ApplyEvent, subscribeApply } from '@/lib/ops/apply-events'

/** Many steps of one batch end at once: they are drawn at once, and nobody sees a twentieth of a second. */
const GATHER_MS = 50

/** Streams what a running apply does, in lists of events, beginning with everything so far; ends with it. */
export const GET = handler<{ id: string }>('viewer', async (request, { id }) => {
  await getApply(id)
  return eventStream(request.signal, ({ send, end }) => {
    let waiting: ApplyEvent[] = []
    const flush = () => {
      // What a slow browser could not take waits for the next time.
      if (waiting.length === 0 || !send('apply', JSON.stringify(waiting))) return
      const isOver = waiting.some(({ kind }) => kind === 'ended')
      waiting = []
      if (isOver) end()
    }
    const timer = setInterval(flush, GATHER_MS)
    const unsubscribe = subscribeApply(id, (event) => waiting.push(event))
    return () => {
      clearInterval(timer)
      unsubscribe()
    }
  })
})

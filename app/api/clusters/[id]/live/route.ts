import { eventStream } from '@/app/event-stream'
import { handler } from '@/app/handler'
import { readSession } from '@/lib/auth/session'
import { getCluster } from '@/lib/db/clusters'
import { subscribeLive } from '@/lib/ops/live'

/** A stream outlives its request's check: whoever was logged out meanwhile is told nothing after this time. */
const SESSION_CHECK_MS = 60_000

/** Streams what the directors of a cluster do, to everybody who may look (lib/lvs/live.ts says what). */
export const GET = handler<{ id: string }>('viewer', async (request, { id }) => {
  await getCluster(id)
  return eventStream(request.signal, ({ send, end }) => {
    const unsubscribe = subscribeLive(id, {
      onMessage: ({ event, data }) => send(event, data),
      onEnd: end,
    })
    const check = setInterval(async () => {
      const session = await readSession(request.headers).catch(() => undefined)
      if (session === undefined) end()
    }, SESSION_CHECK_MS)
    return () => {
      clearInterval(check)
      unsubscribe()
    }
  })
})

import { readDriftState } from '@/app/_components/read-drift'
import { handler } from '@/app/handler'
import { getCluster } from '@/lib/db/clusters'

/** Says how much of a cluster drifted, for heads of pages that stay open. */
export const GET = handler<{ id: string }>('viewer', async (_, { id }) => {
  await getCluster(id)
  return Response.json((await readDriftState(id)) ?? {}, {
    headers: { 'cache-control': 'no-store' },
  })
})

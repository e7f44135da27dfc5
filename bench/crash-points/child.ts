import { openDatabase } from '@/lib/db/client'
import { operator } from '@/lib/ops/test-fleet'
import { SECRET_KEY } from '../fleet/fleet'
import { start } from './shapes'

/** What this process is told: apply, until you are killed. */
export type Order = { url: string; clusterId: string; isSave: boolean }

globalThis.tunboardSecretKey = SECRET_KEY
process.on('message', ({ url, clusterId, isSave }: Order) => {
  globalThis.tunboardDatabase = openDatabase(url)
  start(operator(), clusterId, isSave)
    .then(({ done }) => done)
    .then(
      () => process.exit(0),
      () => process.exit(1),
    )
})

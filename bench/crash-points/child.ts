import { openDatabase } from '@/lib/db/client'
import { operator } from '@/lib/ops/test-fleet'
import { SECRET_KEY } from '../fleet/fleet'
import { type ShapeName, start } from './shapes'

/** What this process is told: apply, until you are killed. */
export type Order = { url: string; clusterId: string; shape: ShapeName }

globalThis.tunboardSecretKey = SECRET_KEY
process.on('message', ({ url, clusterId, shape }: Order) => {
  globalThis.tunboardDatabase = openDatabase(url)
  start(operator(), clusterId, shape)
    .then(({ done }) => done)
    .then(
      () => process.exit(0),
      () => process.exit(1),
    )
})

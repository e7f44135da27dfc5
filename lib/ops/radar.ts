import { putFailedReading, putReading } from '@/lib/db/host-readings'
import { listLedger } from '@/lib/db/ledger'
import { getLockGeneration } from '@/lib/db/locks'
import { inTransaction, type Tx } from '@/lib/db/transaction'
import { driftOn } from '@/lib/lvs/drift'
import type { HostRef, HostState } from '@/lib/lvs/running'
import { readDriftInputs, readDriftStamp } from './drift-inputs'
import { readHost } from './read-world'
import { reconcileDrift } from './reconcile-drift'

/**
 * How a reading ended. `busy`: an apply holds the host. `moved`: one held it meanwhile, or what is desired changed: what was
 * read may be half of it, and is thrown away.
 */
export type Looked = 'read' | 'failed' | 'busy' | 'moved'

/** Nobody held the host's lock since; its half-done work would look like drift. */
async function isQuiet(tx: Tx, hostId: string, generation: number, now: Date): Promise<boolean> {
  return (await getLockGeneration(hostId, now, tx)) === generation
}

async function remember(
  state: HostState,
  { generation, ms, now }: { generation: number; ms: number; now: () => Date },
): Promise<Looked> {
  const { host, running } = state
  if (running === undefined) {
    const failure = state.unreachable
    await inTransaction((tx) => putFailedReading(tx, { hostId: host.id, at: now(), failure }))
    return 'failed'
  }
  const { clusters, stamp } = await readDriftInputs()
  const rows = await listLedger({ hostIds: [host.id] })
  const drift = driftOn({ host, running, rows }, clusters)
  return inTransaction(async (tx) => {
    const at = now()
    if (!(await isQuiet(tx, host.id, generation, at))) return 'moved'
    if ((await readDriftStamp(tx)).stamp !== stamp) return 'moved'
    await reconcileDrift(tx, { host, clusters, at }, drift)
    await putReading(tx, { hostId: host.id, at, ms })
    return 'read'
  })
}

/**
 * Reads one host in one lean exchange, and writes what drifted there since: with when it was first seen, and in the audit
 * trail. Never while an apply holds the host, and never from a reading that one overlapped. Changes nothing on the host.
 */
export async function lookForDrift(
  host: HostRef,
  now: () => Date = () => new Date(),
): Promise<Looked> {
  const generation = await getLockGeneration(host.id, now())
  if (generation === undefined) return 'busy'
  const started = performance.now()
  const state = await readHost(host)
  const ms = Math.round(performance.now() - started)
  return remember(state, { generation, ms, now })
}

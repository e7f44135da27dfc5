import { listDesiredClusters } from '@/lib/db/clusters'
import { getHostRefs } from '@/lib/db/hosts'
import { listLedger } from '@/lib/db/ledger'
import { listSavedItems } from '@/lib/db/saves'
import { NotFound } from '@/lib/errors'
import type { Note } from '@/lib/lvs/plan'
import { hostsOf } from '@/lib/lvs/plan-world'
import type { HostState } from '@/lib/lvs/running'
import type { SaveHost } from '@/lib/lvs/save-targets'

/** Whose files: of every host of a cluster, or of one host with all that its clusters need there. */
export type SaveScope = { kind: 'cluster' | 'host'; id: string }

/** What the database knows that saving looks at. */
export async function knownForSaving() {
  const [clusters, ledger] = [await listDesiredClusters(), await listLedger()]
  return { clusters, ledger, lastSaved: await listSavedItems() }
}
export type Known = Awaited<ReturnType<typeof knownForSaving>>

/** Names the hosts of a scope: those of its cluster, and those in whose files something of the cluster still is. */
export function hostIdsOf(scope: SaveScope, { clusters, ledger, lastSaved }: Known): string[] {
  if (scope.kind === 'host') return [scope.id]
  const inFiles = lastSaved
    .filter((item) => item.clusters.includes(scope.id))
    .map(({ hostId }) => hostId)
  return [...new Set([...hostsOf(scope.id, clusters, ledger), ...inFiles])].sort()
}

/** The hosts whose files were read, each with them. */
export const withFiles = (states: readonly HostState[]): SaveHost[] =>
  states.flatMap(({ host, running }) =>
    running?.saved === undefined ? [] : [{ host, running, saved: running.saved }],
  )

/** What waits for hosts that could not be read. */
export const waitingOf = (states: readonly HostState[]): Note[] =>
  states.flatMap((state) =>
    state.running === undefined
      ? [{ hostId: state.host.id, hostName: state.host.name, why: state.unreachable }]
      : [],
  )

/** The name of a host, for the journal. Throws NotFound. */
export async function hostName(id: string): Promise<string> {
  const [host] = await getHostRefs([id])
  if (host === undefined) throw new NotFound('not-found', { noun: 'host', id })
  return host.name
}

import { cache } from 'react'
import { listHosts } from '@/lib/db/hosts'
import { listSavedChecks } from '@/lib/db/saved-checks'
import type { Host } from '@/lib/lvs/host'
import { hostIdsOf, knownForSaving } from '@/lib/ops/save-scope'
import { readClusters } from './read-clusters'
import { type CheckedHost, SAVED_TONE, type SavedState, savedState } from './saved-state'

const readAll = cache(async () => {
  const [known, checks, hosts] = await Promise.all([
    knownForSaving(),
    listSavedChecks(),
    listHosts(),
  ])
  return { known, hosts, checks: new Map(checks.map((check) => [check.hostId, check])) }
})

/** `entry 172.25.254.3:80 in tcp …` → the host that has this RIP; an address that several hosts have names none. */
function serverName(item: string, hosts: readonly Host[]): string {
  const rip = /^entry \[?(.+?)\]?:\d+ in /.exec(item)?.[1]
  const owners = hosts.filter(({ probed }) =>
    probed?.facts.devices.some(({ addresses }) => addresses.some(({ address }) => address === rip)),
  )
  return owners.length === 1 ? (owners[0]?.name ?? item) : item
}

/** Names the hosts of a cluster, and those in whose files something of it still is. */
export async function readHostsToSave(clusterId: string): Promise<string[]> {
  return hostIdsOf({ kind: 'cluster', id: clusterId }, (await readAll()).known)
}

const NEVER: SavedState = { word: 'unapplied', tone: SAVED_TONE.unapplied, count: 0, item: '' }

/** Reads how well a cluster's hosts are saved, as last seen; nothing is sent to a host. */
export const readSavedState = cache(
  async (clusterId: string): Promise<SavedState> =>
    savedStateOf(clusterId, (await readAll()).checks),
)

/** Tells the same from readings that a page has just made. */
export async function savedStateOf(
  clusterId: string,
  checks: ReadonlyMap<string, CheckedHost>,
): Promise<SavedState> {
  const { hosts, known } = await readAll()
  // Its hosts may serve other clusters: what those have not saved says nothing of one that was never applied.
  const isOurs = ({ clusters }: { clusters: readonly string[] }) => clusters.includes(clusterId)
  if (![...known.ledger, ...known.lastSaved].some(isOurs)) return NEVER
  const ids = await readHostsToSave(clusterId)
  const own = (await readClusters()).find(({ cluster }) => cluster.desired.id === clusterId)
  const isApplied = own === undefined || ['verified', 'lost'].includes(own.state.name)
  const state = savedState(
    ids.map((id) => checks.get(id)),
    isApplied,
  )
  return { ...state, item: serverName(state.item, hosts) }
}

/** Reads of which hosts somebody changed the saved files since we wrote them. */
export const readEdited = cache(async (): Promise<ReadonlySet<string>> => {
  const { checks } = await readAll()
  return new Set([...checks.values()].flatMap((it) => (it.changed === undefined ? [] : it.hostId)))
})

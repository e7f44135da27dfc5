import { listDesiredClusters } from '@/lib/db/clusters'
import { getHostRefs } from '@/lib/db/hosts'
import { listLedger } from '@/lib/db/ledger'
import { TunboardError } from '@/lib/errors'
import type { DesiredCluster } from '@/lib/lvs/cluster'
import { hostsOf, type World } from '@/lib/lvs/plan-world'
import { reason } from '@/lib/lvs/reason'
import type { HostRef, HostState } from '@/lib/lvs/running'
import { readRunning } from '@/lib/ssh/read-running'
import { sshTarget } from './ssh-target'

/** `saved`: what the host's files say too. */
export type ReadOptions = { saved?: boolean }

/**
 * Reads one host; a host that cannot be reached, authenticated or understood is a state with its reason, not an
 * error: the planner knows what to do without it.
 */
export async function readHost(host: HostRef, options: ReadOptions = {}): Promise<HostState> {
  try {
    return { host, running: await readRunning(await sshTarget(host.id), options) }
  } catch (error) {
    if (!(error instanceof TunboardError)) throw error
    return { host, unreachable: reason(error.reason, { host: host.name, ...error.values }) }
  }
}

/** Reads some hosts at once; waits for all, reports each. */
export async function readHosts(
  ids: readonly string[],
  options: ReadOptions = {},
): Promise<HostState[]> {
  const hosts = await getHostRefs(ids)
  return Promise.all(hosts.map((host) => readHost(host, options)))
}

/**
 * Reads everything that a cluster's plan looks at: desired and ledger from the database, running from its hosts.
 * `clusters`: what is to be taken for desired instead.
 */
export async function readWorld(
  clusterId: string,
  {
    clusters: given,
    ...options
  }: { skipChecks?: boolean; clusters?: readonly DesiredCluster[] } = {},
): Promise<World> {
  const [clusters, ledger] = [given ?? (await listDesiredClusters()), await listLedger()]
  const hosts = await readHosts(hostsOf(clusterId, clusters, ledger))
  return { clusterId, clusters, hosts, ledger, ...options }
}

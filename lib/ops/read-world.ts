import { listDesiredClusters } from '@/lib/db/clusters'
import { listIgnoredDrift } from '@/lib/db/drift'
import { getHostRefs } from '@/lib/db/hosts'
import { listLedger } from '@/lib/db/ledger'
import { Conflict, TunboardError } from '@/lib/errors'
import type { DesiredCluster } from '@/lib/lvs/cluster'
import { hostsOf, type World } from '@/lib/lvs/plan-world'
import { reason } from '@/lib/lvs/reason'
import type { HostRef, HostState } from '@/lib/lvs/running'
import { type ReadOptions, readRunning } from '@/lib/ssh/read-running'
import { sshTarget } from './ssh-target'

/**
 * Reads one host; a host that cannot be reached, authenticated or understood is a state with its reason, not an
 * error: the planner knows what to do without it. Throws Conflict('fence-held') where its fence was to be taken and is
 * somebody else's.
 */
export async function readHost(host: HostRef, options: ReadOptions = {}): Promise<HostState> {
  try {
    return { host, running: await readRunning(await sshTarget(host.id), options) }
  } catch (error) {
    if (!(error instanceof TunboardError) || error instanceof Conflict) throw error
    return { host, unreachable: reason(error.reason, { host: host.name, ...error.values }) }
  }
}

/** Waits for all, also where one fails: nothing may go on when its caller believes that all has ended. */
export async function allOf<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work)
  return Promise.all(work)
}

/** Reads some hosts at once; waits for all, reports each. Throws Conflict as `readHost` does. */
export async function readHosts(
  ids: readonly string[],
  options: ReadOptions = {},
): Promise<HostState[]> {
  const hosts = await getHostRefs(ids)
  return allOf(hosts.map((host) => readHost(host, options)))
}

/**
 * Reads everything that a cluster's plan looks at: desired and ledger from the database, running from its hosts.
 * `clusters`: what is to be taken for desired instead.
 */
export async function readWorld(
  clusterId: string,
  {
    clusters: given,
    skipChecks = false,
    ...reading
  }: { skipChecks?: boolean; clusters?: readonly DesiredCluster[] } & ReadOptions = {},
): Promise<World> {
  const [clusters, ledger] = [given ?? (await listDesiredClusters()), await listLedger()]
  const ignored = await listIgnoredDrift(clusterId)
  const hosts = await readHosts(hostsOf(clusterId, clusters, ledger), reading)
  return { clusterId, clusters, hosts, ledger, skipChecks, ignored }
}

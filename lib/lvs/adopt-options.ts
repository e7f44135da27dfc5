import { type ClusterOptions, DEFAULT_OPTIONS, type DesiredCluster } from './cluster'
import type { HostRef, Running } from './running'
import { managedRealServers, wantsOf } from './wants'

type ReadHost = { host: HostRef; running: Running }

/** In the order of preference where two ways ask for as little: an operator's own way before ours. */
const WAYS: readonly Pick<ClusterOptions, 'arpScope' | 'rpFilter'>[] = [
  { arpScope: 'all', rpFilter: 'off-everywhere' },
  { arpScope: 'all', rpFilter: 'loose-on-tunnel' },
  { arpScope: 'interface', rpFilter: 'off-everywhere' },
  { arpScope: 'interface', rpFilter: 'loose-on-tunnel' },
]

/**
 * Recognises how a cluster that runs was prepared: the options that ask for the least change of its linked real servers, so
 * that what works stays as it is. The director's tunl0 is left as found.
 */
export function recogniseOptions(
  cluster: Omit<DesiredCluster, 'options'>,
  hosts: readonly ReadHost[],
  directorDevice: string,
): ClusterOptions {
  const fixed = { directorTunnel: 'as-found', directorDevice } as const
  const managed = managedRealServers({ ...cluster, options: DEFAULT_OPTIONS })
  const linked = hosts.filter(({ host }) => managed.has(host.id))
  if (linked.length === 0) return { ...DEFAULT_OPTIONS, ...fixed }
  const realServersOnly = { ...cluster, directors: [] }
  const [best] = WAYS.map((way) => {
    const options = { ...way, ...fixed }
    const steps = linked.flatMap(({ host, running }) =>
      wantsOf({ ...realServersOnly, options }, host.id, running).filter(
        (want) => !want.satisfied(running),
      ),
    )
    return { options, steps: steps.length }
  }).sort((a, b) => a.steps - b.steps)
  return best?.options ?? { ...DEFAULT_OPTIONS, ...fixed }
}

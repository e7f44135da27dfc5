import { byHost } from './by-host'
import { entryName, formatItem } from './ledger'
import type { World } from './plan-world'
import type { RunningService } from './running'
import {
  formatRealServerKey,
  formatServiceKey,
  type RealServerKey,
  type ServiceKey,
} from './service'

/** What runs on a host and is not ours: shown, left alone. */
export type Foreign = {
  hostId: string
  hostName: string
  services: readonly ServiceKey[]
  /** Entries that somebody put into a service of ours. */
  entries: readonly { service: ServiceKey; realServer: RealServerKey }[]
  /** Lines of the table that we cannot read, verbatim. */
  unreadable: readonly string[]
}

type Ours = ReadonlySet<string>

const isOurs = ({ key }: RunningService, ours: Ours): boolean =>
  ours.has(formatItem({ kind: 'service', service: key }))

/** Lists the entries of a service of ours that are not in the ledger. */
function foreignIn({ key: service, realServers }: RunningService, ours: Ours) {
  const name = formatServiceKey(service)
  return realServers
    .filter(({ key }) => !ours.has(entryName(name, formatRealServerKey(key))))
    .map(({ key: realServer }) => ({ service, realServer }))
}

/** Lists what is foreign in the tables of a world's hosts: what is in the kernel and not in the ledger. */
export function foreignOn({ hosts, ledger }: World): Foreign[] {
  const rows = byHost(ledger)
  return hosts.flatMap(({ host, running }) => {
    if (running?.ipvs.state !== 'present') return []
    const ours = new Set((rows.get(host.id) ?? []).map(({ item }) => formatItem(item)))
    const { services, unreadable } = running.ipvs
    const mine = services.filter((each) => isOurs(each, ours))
    const entries = mine.flatMap((each) => foreignIn(each, ours))
    const foreign = services.filter((each) => !isOurs(each, ours)).map(({ key }) => key)
    if (foreign.length + entries.length + unreadable.length === 0) return []
    return [{ hostId: host.id, hostName: host.name, services: foreign, entries, unreadable }]
  })
}

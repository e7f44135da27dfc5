import { formatItem, type Item } from './ledger'
import type { World } from './plan-world'
import type { RealServerKey, ServiceKey } from './service'

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

/** Lists what is foreign in the tables of a world's hosts: what is in the kernel and not in the ledger. */
export function foreignOn({ hosts, ledger }: World): Foreign[] {
  return hosts.flatMap(({ host, running }) => {
    if (running?.ipvs.state !== 'present') return []
    const ours = new Set(
      ledger.filter(({ hostId }) => hostId === host.id).map(({ item }) => formatItem(item)),
    )
    const isOurs = (item: Item) => ours.has(formatItem(item))
    const { services, unreadable } = running.ipvs
    const mine = services.filter(({ key }) => isOurs({ kind: 'service', service: key }))
    const entries = mine.flatMap(({ key: service, realServers }) =>
      realServers
        .map(({ key: realServer }) => ({ service, realServer }))
        .filter((entry) => !isOurs({ kind: 'entry', ...entry })),
    )
    const foreign = services.filter((each) => !mine.includes(each)).map(({ key }) => key)
    if (foreign.length + entries.length + unreadable.length === 0) return []
    return [{ hostId: host.id, hostName: host.name, services: foreign, entries, unreadable }]
  })
}

import type { DesiredCluster, DesiredRealServer, DesiredService } from './cluster'
import type { DriftItem } from './drift'
import type { Item } from './ledger'
import { parseRules, type RuleService } from './parse-rules'
import {
  compareRealServerKeys,
  formatRealServerKey,
  type RealServerKey,
  sameService,
  serviceArguments,
} from './service'

/** Why what runs cannot become desired: the tunnel would carry nothing, or no client would find the VIP. */
export type NotTakeable = 'needed' | 'vip'

/** Tells why a drift cannot be taken as desired; `undefined` where it can. */
export function whyNotTakeable({ item }: Pick<DriftItem, 'item'>): NotTakeable | undefined {
  switch (item.kind) {
    case 'service':
    case 'entry':
      return undefined
    case 'address':
      return 'vip'
    default:
      return 'needed'
  }
}

type RuleItem = Item & { kind: 'service' | 'entry' }

// -A -t 172.25.254.100:80 -s rr
// -a -t 172.25.254.100:80 -r 172.25.254.2:80 -i -w 5
/** Reads an item's value back, as ipvsadm would: a value is written by us alone, from what was read. */
function ruleOf(item: RuleItem, value: string): RuleService | undefined {
  const service = serviceArguments(item.service).join(' ')
  if (item.kind === 'service') return parseRules(`-A ${service} ${value}\n`).services[0]
  const entry = `-a ${service} -r ${formatRealServerKey(item.realServer)} ${value}`
  return parseRules(`-A ${service} -s rr\n${entry}\n`).services[0]
}

const isEntry =
  (key: RealServerKey) =>
  (each: DesiredRealServer): boolean =>
    formatRealServerKey(each.key) === formatRealServerKey(key)

/** The host that holds a RIP, where one is managed. */
export type LinkOf = (rip: string) => { id: string; name: string } | undefined

function withEntry(
  service: DesiredService,
  { realServer: key }: Item & { kind: 'entry' },
  config: DesiredRealServer['config'],
  linkOf: LinkOf,
): DesiredService {
  const known = service.realServers.find(isEntry(key))
  const isTunnel = config.forwarding.method === 'tunnel' && config.forwarding.tunnel.type === 'ipip'
  const host = isTunnel ? linkOf(key.rip) : undefined
  const made: DesiredRealServer = known ?? {
    ...{
      id: `${service.id} ${formatRealServerKey(key)}`,
      name: host?.name ?? key.rip,
      key,
      config,
    },
    ...(host !== undefined && { hostId: host.id }),
  }
  const others = service.realServers.filter((each) => !isEntry(key)(each))
  const realServers = [...others, { ...made, config }]
  return {
    ...service,
    realServers: realServers.sort((a, b) => compareRealServerKeys(a.key, b.key)),
  }
}

function takeEntry(
  service: DesiredService,
  item: Item & { kind: 'entry' },
  running: string | undefined,
  linkOf: LinkOf,
): DesiredService {
  if (running === undefined) {
    const realServers = service.realServers.filter((each) => !isEntry(item.realServer)(each))
    return { ...service, realServers }
  }
  const config = ruleOf(item, running)?.entries[0]?.config
  return config === undefined ? service : withEntry(service, item, config, linkOf)
}

/**
 * Makes desired what runs of one drifted item: a weight or scheduler as it is now, an entry or service that is gone not desired
 * any more, an entry of somebody else desired too. What cannot be taken leaves the cluster as it is.
 */
export function takeTheirs(
  cluster: DesiredCluster,
  { item, running }: Pick<DriftItem, 'item' | 'running'>,
  linkOf: LinkOf = () => undefined,
): DesiredCluster {
  if (item.kind !== 'service' && item.kind !== 'entry') return cluster
  const services = cluster.services.flatMap((service): DesiredService[] => {
    if (!sameService(service.key, item.service)) return [service]
    if (item.kind === 'entry') return [takeEntry(service, item, running, linkOf)]
    if (running === undefined) return []
    const config = ruleOf(item, running)?.config
    return [config === undefined ? service : { ...service, config }]
  })
  return { ...cluster, services }
}

import { type Address, familyOf, hostPrefix, inSameNetwork } from './address'
import { recogniseOptions } from './adopt-options'
import type { DesiredCluster, DesiredRealServer, DesiredService } from './cluster'
import { vipsOf } from './cluster'
import { findDevice, itemValue } from './item-value'
import { formatItem, type Item, type LedgerRow } from './ledger'
import type { Plan } from './plan'
import { planCluster } from './plan-cluster'
import { type Reason, reason } from './reason'
import type { Device, HostRef, HostState, Running, RunningService } from './running'
import { formatRealServerKey, formatServiceKey, type ServiceKey, sameService } from './service'
import { TUNNEL, type Want, wantsOf } from './wants'

/** A host that was read. */
export type ReadHost = { host: HostRef; running: Running }

/** What adopting looks at: every managed host as read just now, and what is ours already. */
export type AdoptWorld = {
  directorId: string
  hosts: readonly HostState[]
  clusters: readonly DesiredCluster[]
  ledger: readonly LedgerRow[]
}

/** What a person chose. `dip`: absent = the one that is recognised. */
export type AdoptChoice = {
  clusterId: string
  name: string
  services: readonly ServiceKey[]
  dip?: Address
}

/** A running service, and why it cannot be adopted where it cannot. */
export type Adoptable = { service: RunningService; refused?: Reason }

/** What a director offers: its services, or why none of them can be adopted. */
export type AdoptOffer = {
  services: readonly Adoptable[]
  refused?: Reason
  /** Addresses that may be the DIP, the likeliest first. */
  dips: readonly Address[]
}

const readHosts = (hosts: readonly HostState[]): ReadHost[] =>
  hosts.flatMap(({ host, running }) => (running === undefined ? [] : [{ host, running }]))

function refusalOf(state: HostState): Reason | undefined {
  const { host, running } = state
  if (running === undefined) return state.unreachable
  const [owner] = running.owners
  if (owner !== undefined)
    return reason('adopt.owned', { host: host.name, owner: owner.name, evidence: owner.evidence })
  if (running.ipvs.state === 'denied') return reason('adopt.denied', { host: host.name })
  const none = running.ipvs.state === 'absent' || running.ipvs.services.length === 0
  return none ? reason('adopt.nothing', { host: host.name }) : undefined
}

/** Whose a service is already: by the ledger, or because a cluster desires it on this director. */
function takenBy(
  { directorId, clusters, ledger }: AdoptWorld,
  key: ServiceKey,
): Reason | undefined {
  const values = { service: formatServiceKey(key) }
  const cluster = clusters.find(
    ({ directors, services }) =>
      directors.some(({ hostId }) => hostId === directorId) &&
      services.some((service) => sameService(service.key, key)),
  )
  if (cluster !== undefined) return reason('adopt.taken', { ...values, cluster: cluster.name })
  const name = formatItem({ kind: 'service', service: key })
  const isOurs = ledger.some(
    ({ hostId, item }) => hostId === directorId && formatItem(item) === name,
  )
  return isOurs ? reason('adopt.ours', values) : undefined
}

const isLan = ({ loopback, kind }: Device): boolean => !loopback && kind !== 'ipip'

/** Lists the director's own addresses: those in a network with real servers first, then by the order of its devices. */
function dipsOf({ running }: ReadHost, services: readonly RunningService[]): Address[] {
  const vips = new Set(services.flatMap(({ key }) => (key.kind === 'address' ? [key.vip] : [])))
  const rips = [
    ...new Set(services.flatMap(({ realServers }) => realServers.map(({ key }) => key.rip))),
  ]
  const near = (address: Address, prefix: number) =>
    rips.filter((rip) => inSameNetwork(rip, address, prefix)).length
  return running.devices
    .filter(isLan)
    .flatMap(({ addresses }) => addresses)
    .filter(({ address }) => !vips.has(address) && !/^fe[89ab]/.test(address))
    .map(({ address, prefixLength }) => ({ address, near: near(address, prefixLength) }))
    .sort((a, b) => b.near - a.near)
    .map(({ address }) => address)
}

/** Says what can be adopted of a director; one sentence where nothing can. */
export function offerOf(world: AdoptWorld): AdoptOffer {
  const state = world.hosts.find(({ host }) => host.id === world.directorId)
  if (state === undefined) return { services: [], dips: [] }
  const refused = refusalOf(state)
  const { host, running } = state
  if (running === undefined || refused !== undefined)
    return { services: [], dips: [], ...(refused !== undefined && { refused }) }
  const services = running.ipvs.state === 'present' ? running.ipvs.services : []
  return {
    dips: dipsOf({ host, running }, services),
    services: services.map((service) => {
      const taken = takenBy(world, service.key)
      return { service, ...(taken !== undefined && { refused: taken }) }
    }),
  }
}

/** Finds the one host, beside the director, that holds an address; of one that several hold it is nobody's. */
function ownerOf(hosts: readonly ReadHost[], directorId: string, rip: Address) {
  const owners = hosts.filter(({ running: { devices } }) =>
    devices.some(
      (device) => isLan(device) && device.addresses.some(({ address }) => address === rip),
    ),
  )
  const [owner] = owners
  return owners.length === 1 && owner?.host.id !== directorId ? owner?.host : undefined
}

/** Only what is reached by an ipip tunnel to an IPv4 VIP is prepared on its host; the rest stays unmanaged. */
const isPrepared = (service: RunningService, at: number): boolean => {
  const forwarding = service.realServers[at]?.config.forwarding
  const v6 =
    service.key.kind === 'address' ? familyOf(service.key.vip) === 6 : service.key.family === 6
  return !v6 && forwarding?.method === 'tunnel' && forwarding.tunnel.type === 'ipip'
}

function desiredService(
  world: AdoptWorld,
  read: readonly ReadHost[],
  service: RunningService,
): DesiredService {
  const name = formatServiceKey(service.key)
  const realServers = service.realServers.map(({ key, config }, at): DesiredRealServer => {
    const owner = isPrepared(service, at) ? ownerOf(read, world.directorId, key.rip) : undefined
    return {
      id: `${name} ${formatRealServerKey(key)}`,
      name: owner?.name ?? key.rip,
      ...(owner !== undefined && { hostId: owner.id }),
      ...{ key, config },
    }
  })
  const vips = service.key.kind === 'fwmark' ? markedVips(world, read, realServers) : []
  return { id: name, key: service.key, config: service.config, vips, realServers }
}

/** Addresses alone (/32) that the director holds and that stand on the tunnel of every linked real server of a mark. */
function markedVips(
  { directorId }: AdoptWorld,
  read: readonly ReadHost[],
  realServers: readonly DesiredRealServer[],
): Address[] {
  const alone = (devices: readonly Device[]) =>
    devices.flatMap(({ addresses }) =>
      addresses
        .filter(({ address, prefixLength }) => prefixLength === hostPrefix(address))
        .map(({ address }) => address),
    )
  const director = read.find(({ host }) => host.id === directorId)
  const linked = read.filter(({ host }) => realServers.some(({ hostId }) => hostId === host.id))
  if (director === undefined || linked.length === 0) return []
  return alone(director.running.devices).filter(
    (address) =>
      familyOf(address) === 4 &&
      linked.every(({ running }) => {
        const tunnel = findDevice(running, TUNNEL)
        return tunnel !== undefined && alone([tunnel]).includes(address)
      }),
  )
}

/** The device that holds most of the VIPs on the director; tunl0 where none does. */
function vipDevice({ devices }: Running, vips: readonly Address[]): string {
  const counts = devices.map(({ name, addresses }) => ({
    name,
    count: addresses.filter(({ address }) => vips.includes(address)).length,
  }))
  const best = counts.sort((a, b) => b.count - a.count)[0]
  return best === undefined || best.count === 0 ? TUNNEL : best.name
}

/** Everything that adopting writes, and the first plan after it. Nothing of it touches a host. */
export type Adoption = {
  desired: DesiredCluster
  /** Rows of the ledger, new ones and known ones that the cluster uses too. */
  rows: readonly LedgerRow[]
  plan: Plan
  /** Items that are not as they should be and are not ours, as `hostId itemId`: they wait for the first plan. */
  open: readonly string[]
}

/**
 * The rows that make what runs ours: services, entries and VIPs, where they are exactly what the cluster wants, with nothing
 * before them, so that removing them deletes them. Devices, sysctls and modules stay as they are: no row.
 */
function adoptedRows(
  desired: DesiredCluster,
  { ledger }: AdoptWorld,
  read: readonly ReadHost[],
  since: string,
) {
  const known = new Map(ledger.map((row) => [`${row.hostId} ${formatItem(row.item)}`, row]))
  const open: string[] = []
  const rows: LedgerRow[] = []
  for (const { host, running } of read)
    for (const want of wantsOf(desired, host.id, running)) {
      const row = known.get(`${host.id} ${want.name}`)
      if (want.satisfied(running)) rows.push(...adoptedRow(want, running, row, since))
      else if (row === undefined) open.push(`${host.id} ${want.name}`)
    }
  return { rows, open }
}

/** A row that is ours already is used by one more cluster; a new one only where what runs is exactly what is wanted. */
function adoptedRow(
  { item, value, hostId, clusterId }: Want,
  running: Running,
  known: LedgerRow | undefined,
  since: string,
): LedgerRow[] {
  if (known !== undefined)
    return [{ ...known, clusters: [...new Set([...known.clusters, clusterId])].sort() }]
  if (!isAdopted(item) || itemValue(running, item) !== value) return []
  const ours = { state: 'ours', origin: 'adopted' } as const
  return [{ hostId, item, written: value, ...ours, clusters: [clusterId], since }]
}

const isAdopted = ({ kind }: Item): boolean =>
  kind === 'service' || kind === 'entry' || kind === 'address'

/** Puts rows over those that a ledger has. */
export function withRows(ledger: readonly LedgerRow[], rows: readonly LedgerRow[]): LedgerRow[] {
  const name = ({ hostId, item }: LedgerRow) => `${hostId} ${formatItem(item)}`
  return [...new Map([...ledger, ...rows].map((row) => [name(row), row])).values()]
}

/**
 * Makes a cluster of what runs on a director: what would be desired, what of it becomes ours, and what the first plan would
 * be: empty, or exactly what is not as it should be. Real servers are linked to the hosts that hold their address; what works
 * in another way than ours stays as it is. `since`: the id of the adoption. `undefined`: the director cannot be read, or a
 * service that was chosen does not run there or is somebody's already.
 */
export function adopt(world: AdoptWorld, choice: AdoptChoice, since: string): Adoption | undefined {
  const offer = offerOf(world)
  const read = readHosts(world.hosts)
  const director = read.find(({ host }) => host.id === world.directorId)
  const chosen = choice.services.map((key) =>
    offer.services.find(
      ({ service, refused }) => refused === undefined && sameService(service.key, key),
    ),
  )
  const dip = choice.dip ?? offer.dips[0]
  if (director === undefined || dip === undefined || !offer.dips.includes(dip)) return undefined
  if (chosen.length === 0 || chosen.some((found) => found === undefined)) return undefined
  const services = chosen.flatMap((found) =>
    found === undefined ? [] : [desiredService(world, read, found.service)],
  )
  const vips = services.flatMap(vipsOf)
  const base = {
    ...{ id: choice.clusterId, name: choice.name, services },
    directors: [{ hostId: world.directorId, name: director.host.name, dip }],
  }
  const directorDevice = vipDevice(director.running, vips)
  const desired = { ...base, options: recogniseOptions(base, read, directorDevice) }
  const { rows, open } = adoptedRows(desired, world, read, since)
  const plan = planCluster({
    ...{ clusterId: desired.id, clusters: [...world.clusters, desired] },
    ...{ hosts: world.hosts, ledger: withRows(world.ledger, rows) },
  })
  return { desired, rows, plan, open }
}

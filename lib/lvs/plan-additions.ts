import { inSameNetwork } from './address'
import { announce, reach, reachSubject, settle } from './commands'
import { commandFor, withValue } from './item-change'
import { confKey, findEntry, itemValue } from './item-value'
import { takesConnections, waitsForSuccessor } from './keep'
import { formatItem, type Item } from './ledger'
import { memo } from './memo'
import type { Step } from './plan'
import type { HostPlan, Planning } from './plan-world'
import { reason } from './reason'
import type { Device, Running } from './running'
import { formatRealServerKey, formatServiceKey, sameService } from './service'
import { PHASE, TUNNEL, type Want } from './wants'

type StepBody = Omit<Step, 'id' | 'hostId' | 'hostName' | 'mayFail'> & { mayFail?: boolean }

/** Adds a step to a host's plan. */
export function addStep({ host, steps, changes }: HostPlan, body: StepBody): void {
  const step: Step = {
    mayFail: false,
    ...body,
    id: `${host.id} ${body.change} ${body.kind} ${body.subject}`,
    hostId: host.id,
    hostName: host.name,
  }
  steps.push(step)
  if (step.item !== undefined) changes.set(formatItem(step.item), step)
}

/** Writes an item for people, without its kind. */
export const subjectOf = (item: Item): string => formatItem(item).slice(item.kind.length + 1)

/** What an item that is not there yet will be as soon as the module that makes its device is loaded. */
function valueBefore(running: Running, item: Item): string | undefined {
  const now = itemValue(running, item)
  if (now !== undefined) return now
  if (item.kind === 'link') return 'down'
  if (item.kind !== 'sysctl') return undefined
  const parameter = item.key.slice(item.key.lastIndexOf('.') + 1)
  return running.sysctls[confKey('default', parameter)] // a new device starts with conf.default
}

/** Entries are added, then edited, and quiesced last: a live service keeps one that takes new connections. */
const entryEdit = (value: string): number =>
  takesConnections(value) ? PHASE.entry + 1 : PHASE.entry + 2

function addWanted(host: HostPlan, want: Want): void {
  const { item, value, phase, why } = want
  const before = valueBefore(host.running, item)
  const argv = commandFor(item, before, value)
  if (argv === undefined) return
  const undo = commandFor(item, value, before)
  const active =
    item.kind === 'entry' && !takesConnections(value)
      ? findEntry(host.running, item.service, item.realServer)?.active
      : undefined
  addStep(host, {
    kind: item.kind,
    change: before === undefined ? 'add' : 'edit',
    item,
    subject: subjectOf(item),
    ...(before === undefined ? {} : { before }),
    after: value,
    argv,
    ...(undo === undefined ? {} : { undo }),
    why,
    ...(active === undefined ? {} : { connections: active }),
    phase: item.kind === 'entry' && before !== undefined ? entryEdit(value) : phase,
  })
  host.after = withValue(host.after, item, value)
}

/** An entry put by hand that is now desired just as it is: taken into the ledger, so that removal deletes it. */
function claimEntry(host: HostPlan, { item, value, why }: Want): void {
  const subject = subjectOf(item)
  const claim = reason('why.claim', why.values)
  addStep(host, {
    kind: 'claim',
    change: 'do',
    item,
    subject,
    after: value,
    argv: [],
    why: claim,
    phase: PHASE.entry,
  })
}

/** Before an entry is added its RIP:port must answer from the director. */
function addCheck(host: HostPlan, item: Item & { kind: 'entry' }): void {
  const { service, realServer } = item
  const tcp = service.kind === 'address' && service.protocol === 'tcp' && realServer.port !== 0
  if (!tcp || !host.running.tools.includes('bash')) return
  addStep(host, {
    kind: 'check',
    change: 'do',
    subject: reachSubject(realServer),
    argv: reach(realServer),
    why: reason('why.check', { realServer: formatRealServerKey(realServer) }),
    phase: PHASE.entry - 1,
  })
}

/** Waits for udev where a device appears with the plan, or it would undo the sysctls that follow. */
function addSettle(host: HostPlan): void {
  const load = host.steps.find(({ item }) => item?.kind === 'module' && item.name === 'ipip')
  if (load === undefined || !host.running.tools.includes('udevadm')) return
  addStep(host, {
    kind: 'settle',
    change: 'do',
    subject: TUNNEL,
    argv: settle(),
    why: reason('why.settle'),
    mayFail: true,
    phase: load.phase + 1,
  })
}

/** Finds the device on which the clients of a VIP are: that of its network, else the first real one. */
export function lanOf(devices: readonly Device[], vip: string): Device | undefined {
  const real = devices.filter(({ loopback, kind }) => !loopback && kind !== 'ipip')
  return real.find(({ addresses }) =>
    addresses.some((held) => inSameNetwork(vip, held.address, held.prefixLength)),
  )
}

/** Tells the segment about each VIP that the plan puts on a director. */
function addAnnouncements(host: HostPlan): void {
  if (!host.running.tools.includes('arping')) return
  for (const { item, phase } of [...host.steps]) {
    if (item?.kind !== 'address' || phase !== PHASE.directorVip) continue
    const lan = lanOf(host.running.devices, item.address)
    if (lan === undefined) continue
    addStep(host, {
      kind: 'announce',
      change: 'do',
      subject: `${item.address} on ${lan.name}`,
      argv: announce(item.address, lan.name),
      why: reason('why.announce', { vip: item.address, device: lan.name }),
      mayFail: true,
      phase: PHASE.entry + 3,
    })
  }
}

/** An entry waits while the host behind it cannot be read: its VIP and sysctls come first. */
function waitsFor(planning: Planning, item: Item & { kind: 'entry' }): boolean {
  const { service, realServer } = item
  if (planning.unreachable.length === 0) return false
  const owner = planning.cluster?.services
    .find(({ key }) => sameService(key, service))
    ?.realServers.find(({ key }) => formatRealServerKey(key) === formatRealServerKey(realServer))
  return planning.unreachable.some(({ host }) => host.id === owner?.hostId)
}

/** What is there already as wanted: a row of another cluster is shared, an entry put by hand is claimed. */
function planSatisfied(planning: Planning, host: HostPlan, want: Want): void {
  if (host.rows.has(want.name)) shareRow(planning, host, want)
  else if (want.item.kind === 'entry') claimEntry(host, want)
}

/** The last entry that takes connections is not quiesced while the one to take its place waits. */
function mustStay(planning: Planning, host: HostPlan, item: Item): boolean {
  const why = item.kind === 'entry' ? waitsForSuccessor(planning, host, item) : undefined
  if (why === undefined) return false
  const { id: hostId, name: hostName } = host.host
  planning.debts.push({ hostId, hostName, items: [item], why })
  return true
}

/** Each check may take its 3 s: of more new entries than this a director asks none, and a note says so. */
const MOST_CHECKS = 32

/** The entries that a director does not have yet; whether one is as wanted is told faster than what it is. */
const newEntries = memo(
  ({ wants, running }: HostPlan): number =>
    wants.filter(
      (want) =>
        want.item.kind === 'entry' &&
        !want.satisfied(running) &&
        itemValue(running, want.item) === undefined,
    ).length,
)

const asks = ({ world }: Planning, host: HostPlan): boolean =>
  world.skipChecks !== true && newEntries(host) <= MOST_CHECKS

function noteChecks({ world, notes }: Planning, host: HostPlan): void {
  if (world.skipChecks === true || newEntries(host) <= MOST_CHECKS) return
  const { id: hostId, name: hostName } = host.host
  notes.push({ hostId, hostName, why: reason('note.no-checks', { count: newEntries(host) }) })
}

function planEntry(planning: Planning, host: HostPlan, want: Want): void {
  const { item } = want
  const exists = itemValue(host.running, item) !== undefined
  if (item.kind === 'entry' && !exists && waitsFor(planning, item)) {
    planning.short.add(formatServiceKey(item.service))
    return
  }
  if (item.kind === 'entry' && !exists && asks(planning, host)) addCheck(host, item)
  if (!takesConnections(want.value) && mustStay(planning, host, item)) return
  addWanted(host, want)
}

/** A foreign service with our key is never merged silently; refusals.ts names it. */
const isForeign = ({ running, rows }: HostPlan, { item, name }: Want): boolean =>
  item.kind === 'service' && itemValue(running, item) !== undefined && !rows.has(name)

/** What would be left of running without the rows that go: what is wanted must not stand on those. */
const withoutUnwanted = (host: HostPlan): Running =>
  host.unwanted.reduce(
    (running, { item, before }) => withValue(running, item, before),
    host.running,
  )

/** What is quiesced is decided after what is added: only then is known who is left to take connections. */
function quiescedLast(wants: readonly Want[]): Want[] {
  const [first, last]: [Want[], Want[]] = [[], []]
  for (const want of wants) {
    const isLast = want.item.kind === 'entry' && !takesConnections(want.value)
    if (isLast) last.push(want)
    else first.push(want)
  }
  return [...first, ...last]
}

/** Somebody set this drift aside, and it is still as he saw it: it is named, and left as it is. */
function isSetAside({ world, notes }: Planning, { host, running }: HostPlan, want: Want): boolean {
  const { ignored = [] } = world
  if (ignored.length === 0 || want.satisfied(running)) return false
  const found = ignored.find(
    (each) =>
      each.hostId === host.id &&
      each.clusterId === world.clusterId &&
      formatItem(each.item) === want.name &&
      each.running === itemValue(running, want.item),
  )
  if (found === undefined) return false
  const why = reason('note.ignored', { item: want.name, by: found.by, why: found.why })
  notes.push({ hostId: host.id, hostName: host.name, why })
  return true
}

function planHost(planning: Planning, host: HostPlan): void {
  const left = withoutUnwanted(host)
  const isLeft = (want: Want) => left === host.running || want.satisfied(left)
  for (const want of quiescedLast(host.wants)) {
    if (isSetAside(planning, host, want)) continue
    if (want.satisfied(host.running) && isLeft(want)) planSatisfied(planning, host, want)
    else if (!isForeign(host, want)) planEntry(planning, host, want)
  }
  noteChecks(planning, host)
  addSettle(host)
  addAnnouncements(host)
}

/** A row that this cluster uses too, though another one wrote it. */
function shareRow(planning: Planning, { rows, host }: HostPlan, { name, item }: Want): void {
  const row = rows.get(name)
  const { clusterId } = planning.world
  if (row === undefined || row.clusters.includes(clusterId)) return
  const clusters = [...row.clusters, clusterId].sort()
  planning.bookkeeping.push({ hostId: host.id, item, clusters })
}

/** Adds the steps up: on real servers, then on directors; names what waits for hosts that cannot be read. */
export function planAdditions(planning: Planning): void {
  for (const host of planning.hosts) planHost(planning, host)
  const { cluster } = planning
  if (cluster === undefined) return
  for (const { host, state } of planning.unreachable) {
    const wanted =
      cluster.directors.some(({ hostId }) => hostId === host.id) ||
      cluster.services.some(({ realServers }) =>
        realServers.some(({ hostId }) => hostId === host.id),
      )
    if (wanted)
      planning.waiting.push({ hostId: host.id, hostName: host.name, why: state.unreachable })
  }
}

import { isAsAdded } from './bulk'
import { itemValue } from './item-value'
import { formatItem, type Item, type LedgerRow } from './ledger'
import type { Bookkeeping, Plan, Step } from './plan'
import type { HostState, Running } from './running'

type RowName = { hostId: string; item: Item }

const nameOf = ({ hostId, item }: RowName): string => `${hostId} ${formatItem(item)}`

/** Rows to write and rows to drop, as one change of the ledger. */
export type LedgerChange = { saved: readonly LedgerRow[]; dropped: readonly RowName[] }

function intendedRow(
  step: Step & { item: Item },
  row: LedgerRow | undefined,
  clusterId: string | undefined,
  applyId: string,
): LedgerRow {
  const users = clusterId === undefined ? [] : [clusterId] // files and units are a host's, not a cluster's
  const written = step.after === undefined ? {} : { written: step.after }
  if (row !== undefined) {
    const clusters = [...new Set([...row.clusters, ...users])].sort()
    return { ...row, ...written, clusters } // `before` is never overwritten by a second touch
  }
  const claim = step.kind === 'claim'
  return {
    hostId: step.hostId,
    item: step.item,
    ...(step.before === undefined || claim ? {} : { before: step.before }),
    ...written,
    state: 'intended',
    origin: claim ? 'adopted' : 'applied',
    clusters: users,
    since: applyId,
  }
}

/** A table that nobody could read says nothing of what is in it. */
const isUnread = (running: Running, { kind }: Item): boolean =>
  running.ipvs.state === 'denied' && (kind === 'service' || kind === 'entry')

const isBack = (step: Step, row: LedgerRow | undefined): boolean =>
  step.change === 'remove' || (row !== undefined && step.after === row.before)

/**
 * Gives the rows that an apply writes in its first commit, before the first byte goes to a host: what it intends to
 * set, with the value before our first touch, and the clusters that from now on use a row of another.
 */
export function intendLedger(
  plan: Plan,
  ledger: readonly LedgerRow[],
  applyId: string,
): LedgerRow[] {
  const rows = new Map(ledger.map((row) => [nameOf(row), row]))
  const saved = new Map<string, LedgerRow>()
  for (const { hostId, item, clusters } of plan.bookkeeping) {
    const row = rows.get(nameOf({ hostId, item }))
    if (row !== undefined && uses(plan, clusters)) saved.set(nameOf(row), { ...row, clusters })
  }
  for (const step of plan.steps) {
    if (step.item === undefined) continue
    const name = nameOf({ hostId: step.hostId, item: step.item })
    const row = rows.get(name)
    if (isBack(step, row)) continue
    saved.set(name, intendedRow({ ...step, item: step.item }, row, plan.clusterId, applyId))
  }
  return [...saved.values()]
}

/** Tells whether the plan's cluster is among the users of a row. */
const uses = ({ clusterId }: Plan, clusters: readonly string[]): boolean =>
  clusterId !== undefined && clusters.includes(clusterId)

/** What a plan does with rows, by their names. */
type Doings = {
  of: (row: LedgerRow) => {
    steps: readonly Step[]
    /** The plan's word that its cluster uses the row no more. */
    released: Bookkeeping | undefined
  }
}

function doingsOf(plan: Plan): Doings {
  const steps = new Map<string, Step[]>()
  for (const step of plan.steps) {
    if (step.item === undefined) continue
    const name = nameOf({ hostId: step.hostId, item: step.item })
    const known = steps.get(name)
    if (known === undefined) steps.set(name, [step])
    else known.push(step)
  }
  const released = plan.bookkeeping.filter(({ clusters }) => !uses(plan, clusters))
  const releases = new Map(released.map((each) => [nameOf(each), each]))
  return {
    of(row) {
      const name = nameOf(row)
      return { steps: steps.get(name) ?? [], released: releases.get(name) }
    },
  }
}

/** A cluster's apply settles its cluster's rows; one of files those that it changed. */
const concerns = (plan: Plan, row: LedgerRow, steps: readonly Step[]): boolean =>
  plan.clusterId === undefined ? steps.length > 0 : uses(plan, row.clusters)

/** Its device was to come with a step that did not run: nothing of it is there that could be put back. */
const neverWas = ({ state, item }: LedgerRow): boolean =>
  state === 'intended' && (item.kind === 'link' || item.kind === 'sysctl')

/** Of these nothing can be said: nobody could read them, or their command may still be on its way. */
const isOpen = (
  { item }: LedgerRow,
  running: Running,
  steps: readonly Step[],
  fates: Fates | undefined,
): boolean =>
  isUnread(running, item) || (fates !== undefined && steps.some(({ id }) => fates.unknown.has(id)))

/** What the journal of an apply knows of its steps, by their ids, beyond what reading back shows. */
export type Fates = {
  applyId: string
  /** Nobody knows whether they were carried out: their command may still be on its way. */
  unknown: ReadonlySet<string>
  /** Their command, or their line of `-R`, was sent and not taken. */
  refused: ReadonlySet<string>
  /** Their command was never sent. */
  unsent: ReadonlySet<string>
}

/**
 * Tells whether a row that was only intended is not ours, whatever is there now: nothing of us was sent, or it was refused
 * and reading back does not show our work. Somebody else's service of the same name made it be refused.
 */
function isTheirs(
  row: LedgerRow,
  running: Running,
  steps: readonly Step[],
  fates: Fates | undefined,
): boolean {
  if (fates === undefined || row.state !== 'intended' || row.since !== fates.applyId) return false
  const { refused, unsent } = fates
  return (
    steps.length > 0 &&
    steps.every(
      (step) => unsent.has(step.id) || (refused.has(step.id) && !isAsAdded(step, running)),
    )
  )
}

/** What became of one row, now that its host was read again; `steps`: what the plan did with it. */
function outcome(
  row: LedgerRow,
  now: string | undefined,
  released: Bookkeeping | undefined,
  steps: readonly Step[],
): LedgerRow | undefined {
  if (released !== undefined)
    return released.clusters.length === 0 ? undefined : { ...row, clusters: released.clusters }
  if (now === row.before && now !== row.written) return undefined
  if (now === undefined && neverWas(row)) return undefined
  const restored = steps.some((step) => isBack(step, row))
  if (restored && now === undefined) return undefined // its device went with the module
  return now === row.written ? { ...row, state: 'ours' } : row
}

/**
 * Gives the change of the ledger after the hosts were read again: written values became ours, what is as before is
 * forgotten, anything else stays as it is and shows as drift. Rows of hosts and tables that could not be read stay, and
 * so do those of steps whose outcome is unknown: their command may still be on its way. What was only intended, and not
 * carried out, is forgotten too: what is there now is somebody else's.
 */
export function settleLedger(
  plan: Plan,
  ledger: readonly LedgerRow[],
  hosts: readonly HostState[],
  fates?: Fates,
): LedgerChange {
  const saved: LedgerRow[] = []
  const dropped: RowName[] = []
  const doings = doingsOf(plan)
  const states = new Map(hosts.map((state) => [state.host.id, state]))
  for (const row of ledger) {
    const running = states.get(row.hostId)?.running
    const { steps, released } = doings.of(row)
    if (running === undefined || !concerns(plan, row, steps)) continue
    if (isOpen(row, running, steps, fates)) continue
    const now = itemValue(running, row.item)
    const theirs = isTheirs(row, running, steps, fates)
    const after = theirs ? undefined : outcome(row, now, released, steps)
    if (after === undefined) dropped.push({ hostId: row.hostId, item: row.item })
    else if (after !== row) saved.push(after)
  }
  return { saved, dropped }
}

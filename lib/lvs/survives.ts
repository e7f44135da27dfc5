import { isRcLocalRun, readBootItems } from './boot-files'
import { bootSysctl, unreadSysctl } from './boot-sysctl'
import type { DesiredCluster } from './cluster'
import { itemValue } from './item-value'
import { formatItem, type Item, type LedgerRow } from './ledger'
import { type Reason, reason } from './reason'
import { readRules } from './rules-file'
import {
  AUTO_FILE,
  DROP_IN,
  hasLoader,
  isAuto,
  isEnabled,
  placesOf,
  RC_LOCAL,
  SYSCTL_FILE,
  textOf,
  UNIT,
} from './save-places'
import type { SaveHost } from './save-targets'
import type { SavedItem } from './saved'
import { sameService } from './service'
import { lostRip, type Want, wantsOf } from './wants'

/**
 * One item seen three ways. `same`: saved, running and desired agree · `unsaved`: desired, a reboot loses it ·
 * `differs`: saved with another value · `returns`: saved, not desired: a reboot brings it back · `unapplied`: running
 * is not as desired.
 */
export type SavedRow = {
  item: Item
  saved?: string
  running?: string
  desired?: string
  state: 'same' | 'unsaved' | 'differs' | 'returns' | 'unapplied'
}

export type SurvivalCheck = { state: 'ok' | 'doubtful' | 'bad'; why: Reason }

/** Whether a host would come back as desired; `nothing`: nothing is desired of it, and nothing of ours saved. */
export type Survival = {
  state: 'survives' | 'doubtful' | 'lost' | 'nothing'
  checks: readonly SurvivalCheck[]
  rows: readonly SavedRow[]
}

export type SurvivalScope = {
  clusters: readonly DesiredCluster[]
  ledger: readonly LedgerRow[]
  lastSaved: readonly SavedItem[]
}

/** Reads what a boot gives every item: rules from the file, devices from our unit, parameters from all files. */
function bootValues({ saved }: SaveHost) {
  const places = placesOf(saved)
  const { rules, stopsAt, unclear } = readRules(textOf(saved, places.rules))
  const boot = readBootItems(saved, places)
  const values = new Map(rules.map(({ item, value }) => [formatItem(item), value]))
  const bootValue = (item: Item): string | undefined => {
    if (item.kind === 'sysctl') return bootSysctl(saved, item.key)?.value
    if (item.kind === 'service' || item.kind === 'entry') return values.get(formatItem(item))
    return boot.get(formatItem(item))
  }
  return { places, rules, stopsAt, unclear, bootValue }
}

type Boot = ReturnType<typeof bootValues>

function stateOf({ saved, running, desired }: Omit<SavedRow, 'item' | 'state'>, applied: boolean) {
  if (desired === undefined) return saved === undefined ? 'unapplied' : 'returns'
  if (!applied) return 'unapplied'
  if (saved === undefined) return 'unsaved'
  return saved === desired || (running === saved && saved === desired) ? 'same' : 'differs'
}

/** Every item that is desired of the host, or ours there, or saved in a service of ours. */
function itemsOf(host: SaveHost, boot: Boot, wants: readonly Want[], scope: SurvivalScope): Item[] {
  const ours = scope.ledger.filter(({ hostId }) => hostId === host.host.id).map(({ item }) => item)
  const last = scope.lastSaved
    .filter(({ hostId }) => hostId === host.host.id)
    .map(({ item }) => item)
  const known = [...wants.map(({ item }) => item), ...ours, ...last]
  const services = known.flatMap((item) => (item.kind === 'service' ? [item.service] : []))
  const inFile = boot.rules
    .map(({ item }) => item)
    .filter(({ service }) => services.some((each) => sameService(each, service)))
  const items = [...known, ...inFile].filter(({ kind }) => kind !== 'file' && kind !== 'unit')
  return [...new Map(items.map((item) => [formatItem(item), item])).values()]
}

/** A VIP that somebody else keeps on another device is not ours to save. */
const isOthers = (want: Want, { running }: SaveHost): boolean =>
  want.item.kind === 'address' &&
  want.satisfied(running) &&
  itemValue(running, want.item) === undefined

/** A parameter that others set is theirs: ours only where our own file says it. */
const inOurFile = ({ saved }: SaveHost, item: Item): boolean =>
  item.kind !== 'sysctl' || textOf(saved, SYSCTL_FILE)?.includes(`${item.key} =`) === true

function rowOf(host: SaveHost, boot: Boot, item: Item, want: Want | undefined): SavedRow[] {
  const [saved, running, desired] = [
    boot.bootValue(item),
    itemValue(host.running, item),
    want?.value,
  ]
  if (want !== undefined && isOthers(want, host)) return []
  const returns = saved !== undefined && inOurFile(host, item)
  const lives = running !== undefined && item.kind !== 'sysctl'
  if (want === undefined && !returns && !lives) return []
  const values = {
    ...(saved === undefined ? {} : { saved }),
    ...(running === undefined ? {} : { running }),
    ...(desired === undefined ? {} : { desired }),
  }
  return [{ item, ...values, state: stateOf(values, want?.satisfied(host.running) ?? true) }]
}

function rowsOf(
  host: SaveHost,
  boot: Boot,
  wants: readonly Want[],
  scope: SurvivalScope,
): SavedRow[] {
  // of two clusters that want it otherwise the one whose value runs, as in save-targets
  const runs = (want: Want) => Number(itemValue(host.running, want.item) === want.value)
  const sorted = [...wants].sort((a, b) => runs(a) - runs(b))
  const byName = new Map(sorted.map((want) => [formatItem(want.item), want]))
  return itemsOf(host, boot, wants, scope).flatMap((item) =>
    rowOf(host, boot, item, byName.get(formatItem(item))),
  )
}

const check = (
  state: SurvivalCheck['state'],
  code: string,
  values: Reason['values'] = {},
): SurvivalCheck => ({
  state,
  why: reason(`survives.${code}`, values),
})

const isRule = ({ item }: SavedRow) => item.kind === 'service' || item.kind === 'entry'
const isTunnel = ({ item }: SavedRow) => item.kind === 'link' || item.kind === 'address'
const isLost = ({ state }: SavedRow) => state === 'unsaved' || state === 'differs'
/** It does not run either: what a reboot brings is what there is now, and a plan's concern. */
const isUnapplied = ({ state, desired, saved }: SavedRow) =>
  state === 'unapplied' && desired !== undefined && desired !== saved

/** One check over rows of a kind: all are in the files, or the first that is not is named. */
function rowsCheck(rows: readonly SavedRow[], topic: string, path: string): SurvivalCheck[] {
  const wanted = rows.filter((row) => row.desired !== undefined && !isUnapplied(row))
  if (wanted.length === 0) return []
  const lost = wanted.filter(isLost)
  const [first] = lost
  if (first === undefined) return [check('ok', topic, { count: wanted.length, path })]
  return [check('bad', `${topic}-lost`, { count: lost.length, item: formatItem(first.item), path })]
}

/** A file that nobody could read is not empty: whether the rules are in it is unknown. */
function rulesChecks(
  { saved }: SaveHost,
  rows: readonly SavedRow[],
  path: string,
): SurvivalCheck[] {
  const kind = saved.files[path]?.kind ?? 'text'
  const wanted = rows.some(({ desired }) => desired !== undefined)
  if (wanted && kind !== 'text') return [check('doubtful', 'rules-unread', { path })]
  return rowsCheck(rows, 'rules', path)
}

/** Whether something loads the rules at boot, and leaves the file alone. */
function loaderChecks({ saved }: SaveHost, { places, stopsAt, unclear }: Boot): SurvivalCheck[] {
  const unit = saved.init === 'openrc' ? 'ipvsadm' : 'ipvsadm.service'
  const has = hasLoader(saved) // a link to a unit outlives the package that it came with
  const isOff = has && saved.init !== 'other' && !isEnabled(saved, unit)
  const auto = places.loader === 'auto' && !isAuto(textOf(saved, AUTO_FILE))
  const overwrites =
    places.family === 'rhel' && !/^ExecStop=\s*$/m.test(textOf(saved, DROP_IN) ?? '')
  return [
    ...(has ? [] : [check('bad', 'no-loader', { unit })]),
    ...(isOff ? [check('bad', 'loader-off', { unit })] : []),
    ...(auto ? [check('bad', 'auto-off', { path: AUTO_FILE })] : []),
    ...(overwrites ? [check('doubtful', 'overwritten', { path: places.rules })] : []),
    ...(stopsAt === undefined
      ? []
      : [check('bad', 'rules-stop', { path: places.rules, ...stopsAt })]),
    ...(unclear === undefined
      ? []
      : [check('doubtful', 'rules-unclear', { path: places.rules, ...unclear })]),
  ]
}

function sysctlChecks({ saved }: SaveHost, rows: readonly SavedRow[]): SurvivalCheck[] {
  const lost = rows.filter((row) => row.item.kind === 'sysctl' && isLost(row))
  const wanted = rows.filter(
    (row) => row.item.kind === 'sysctl' && row.desired !== undefined && !isUnapplied(row),
  )
  const unread = wanted.flatMap(({ item }) =>
    item.kind === 'sysctl' ? unreadSysctl(saved, item.key) : [],
  )
  if (lost.length === 0 && unread.length > 0)
    return [...new Set(unread)].map((path) => check('doubtful', 'sysctl-unread', { path }))
  if (wanted.length > 0 && lost.length === 0)
    return [check('ok', 'sysctl', { count: wanted.length, path: SYSCTL_FILE })]
  return lost.flatMap(({ item, desired = '' }) => {
    if (item.kind !== 'sysctl') return []
    const winner = bootSysctl(saved, item.key)
    const values = {
      key: item.key,
      desired,
      path: winner?.path ?? SYSCTL_FILE,
      value: winner?.value ?? '',
    }
    if (winner === undefined) return [check('bad', 'sysctl-lost', values)]
    if (winner.path === SYSCTL_FILE) return [check('bad', 'sysctl-edited', values)]
    const ours = textOf(saved, SYSCTL_FILE)?.includes(`${item.key} =`) === true
    return [check(ours ? 'doubtful' : 'bad', ours ? 'sysctl-later' : 'sysctl-other', values)]
  })
}

function unitChecks(
  { saved }: SaveHost,
  { places }: Boot,
  rows: readonly SavedRow[],
): SurvivalCheck[] {
  const needed = rows.some((row) => row.desired !== undefined && !isRule(row) && !isUnapplied(row))
  const isOff = places.boot === 'rc.local' && !isRcLocalRun(saved)
  if (needed && isOff && textOf(saved, RC_LOCAL) !== undefined)
    return [check('bad', 'rc-local-off', { path: RC_LOCAL })]
  if (!needed || places.boot !== 'systemd') return []
  return isEnabled(saved, UNIT)
    ? [check('ok', 'unit', { unit: UNIT })]
    : [check('bad', 'unit-off', { unit: UNIT })]
}

/** What nobody of us can say: a VIP that others keep elsewhere, or a real server without the RIP that it is known by. */
function unknownChecks(host: SaveHost, wants: readonly Want[], { clusters }: SurvivalScope) {
  const names = wants.filter((want) => isOthers(want, host)).map(({ item }) => formatItem(item))
  const rips = clusters.flatMap((cluster) => lostRip(cluster, host.host.id, host.running) ?? [])
  return [
    ...[...new Set(names)].map((item) => check('doubtful', 'elsewhere', { item })),
    ...[...new Set(rips)].map((rip) => check('doubtful', 'rip-gone', { rip })),
  ]
}

/** What waits to be applied is neither saved nor lost: it is named, once. */
function unappliedCheck(rows: readonly SavedRow[]): SurvivalCheck[] {
  const waiting = rows.filter(isUnapplied)
  const [first] = waiting
  if (first === undefined) return []
  return [check('doubtful', 'unapplied', { count: waiting.length, item: formatItem(first.item) })]
}

const worst = (checks: readonly SurvivalCheck[]): Survival['state'] => {
  if (checks.some(({ state }) => state === 'bad')) return 'lost'
  return checks.some(({ state }) => state === 'doubtful') ? 'doubtful' : 'survives'
}

/**
 * Says whether a host would come back from a reboot as it is desired, and why: rules and who loads them, our unit,
 * modules, the order of sysctl files, tunnel and VIP; and what a reboot would bring back that nobody wants any more.
 */
export function survivalOf(host: SaveHost, scope: SurvivalScope): Survival {
  const wants = scope.clusters.flatMap((cluster) => wantsOf(cluster, host.host.id, host.running))
  const boot = bootValues(host)
  const rows = rowsOf(host, boot, wants, scope)
  const { rules } = boot.places
  const own = boot.places.boot === 'rc.local' ? RC_LOCAL : UNIT
  const ruleRows = rows.filter(isRule)
  const hasRules = ruleRows.some((row) => row.desired !== undefined && !isUnapplied(row))
  const checks = [
    ...rulesChecks(host, ruleRows, rules),
    ...(hasRules ? loaderChecks(host, boot) : []),
    ...unitChecks(host, boot, rows),
    ...rowsCheck(
      rows.filter(({ item }) => item.kind === 'module'),
      'modules',
      own,
    ),
    ...sysctlChecks(host, rows),
    ...rowsCheck(rows.filter(isTunnel), 'tunnel', own),
    ...unappliedCheck(rows),
    ...unknownChecks(host, wants, scope),
    ...rows
      .filter(({ state }) => state === 'returns')
      .map(({ item }) => check('doubtful', 'returns', { item: formatItem(item) })),
  ]
  return { state: rows.length + checks.length === 0 ? 'nothing' : worst(checks), checks, rows }
}

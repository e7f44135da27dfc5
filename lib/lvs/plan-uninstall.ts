import { bootFiles } from './boot-files'
import type { DesiredCluster } from './cluster'
import {
  closeDraft,
  type Draft,
  newDraft,
  obstacle,
  planBackup,
  planFiles,
  refuse,
  type SavePlan,
} from './file-steps'
import type { LedgerRow } from './ledger'
import type { Note } from './plan'
import { reason } from './reason'
import { mergeRules, type RuleItem, readRules } from './rules-file'
import {
  AUTO_FILE,
  DROP_IN,
  isAuto,
  LOCAL_D,
  MODULES_FILE,
  placesOf,
  SYSCTL_FILE,
  textOf,
  UNIT,
  UNIT_FILE,
  withAuto,
} from './save-places'
import type { SaveHost } from './save-targets'
import { backupOf, FILES, type SavedItem } from './saved'

type Traces = {
  clusters: readonly DesiredCluster[]
  ledger: readonly LedgerRow[]
  lastSaved: readonly SavedItem[]
}

const OWN = [SYSCTL_FILE, MODULES_FILE, UNIT_FILE, DROP_IN, LOCAL_D]

const usesHost = (hostId: string) => (cluster: DesiredCluster) =>
  cluster.directors.some((director) => director.hostId === hostId) ||
  cluster.services.some(({ realServers }) => realServers.some((each) => each.hostId === hostId))

/** A host that still works for a cluster is not cleaned; nor one on which something of ours still runs. */
function guardUse(draft: Draft, { host }: SaveHost, { clusters, ledger }: Traces): void {
  const users = clusters.filter(usesHost(host.id)).map(({ name }) => name)
  if (users.length > 0) {
    const values = { host: host.name, clusters: users.join(', ') }
    refuse(draft, host.id, reason('refusal.uninstall-used', values))
    return
  }
  const running = ledger.filter(
    ({ hostId, item }) => hostId === host.id && item.kind !== 'file' && item.kind !== 'unit',
  )
  if (running.length > 0)
    refuse(
      draft,
      host.id,
      reason('refusal.uninstall-running', { host: host.name, count: running.length }),
    )
}

/** What cannot be read cannot be cleaned: nothing of ours is forgotten while it may still be there. */
function guardRead(draft: Draft, { host, saved }: SaveHost, { ledger }: Traces): void {
  const written = ledger.flatMap(({ hostId, item }) =>
    hostId === host.id && item.kind === 'file' ? [item.path] : [],
  )
  for (const path of new Set([...OWN, ...written])) {
    const why = obstacle(saved.files[path], path, host.name)
    if (why !== undefined) refuse(draft, host.id, why)
  }
}

/** What we enabled or set that was not so before our first touch. */
const wasOff = (traces: Traces, hostId: string, kind: 'file' | 'unit', name: string) =>
  traces.ledger.find(
    ({ hostId: owner, item }) =>
      owner === hostId &&
      item.kind === kind &&
      (item.kind === 'file' ? item.path : item.kind === 'unit' ? item.name : '') === name,
  )

/** AUTO as it was before we came, where it was not on by itself. */
function autoBack({ host, saved }: SaveHost, traces: Traces): Record<string, string | undefined> {
  const row = wasOff(traces, host.id, 'file', AUTO_FILE)
  const now = textOf(saved, AUTO_FILE)
  if (row === undefined || isAuto(row.before) || !isAuto(now)) return {}
  if (now === row.written) return { [AUTO_FILE]: row.before }
  return { [AUTO_FILE]: withAuto(now, 'false') }
}

/** The rules without ours; the file goes where it came with us and nothing else is in it. */
function rulesBack({ host, saved }: SaveHost, traces: Traces): Record<string, string | undefined> {
  const { rules: path } = placesOf(saved)
  const drop = traces.lastSaved
    .filter(
      ({ hostId, item }) =>
        hostId === host.id && (item.kind === 'service' || item.kind === 'entry'),
    )
    .map(({ item }) => item as RuleItem)
  const text = textOf(saved, path)
  const row = wasOff(traces, host.id, 'file', path)
  if (text === undefined || row === undefined) return {}
  const merged = mergeRules(text, { put: [], drop, ...timeoutsBack(row, text) })
  return { [path]: row.before === undefined && merged === '' ? undefined : merged }
}

/** The timeouts that the file had before us, where they are still those that we wrote. */
function timeoutsBack({ before, written }: LedgerRow, text: string) {
  const [was, ours, now] = [before, written, text].map((each) => readRules(each).timeouts)
  const isOurs = JSON.stringify(now) === JSON.stringify(ours)
  return isOurs && ours !== undefined ? { timeouts: was ?? ('none' as const) } : {}
}

/** Takes every file, block, link and backup of ours from one host; what others wrote stays. */
function planHost(draft: Draft, world: SaveHost, traces: Traces): void {
  const { host, saved } = world
  guardUse(draft, world, traces)
  guardRead(draft, world, traces)
  const enabled = ['ipvsadm.service', 'ipvsadm', 'local'].filter((name) => {
    const row = wasOff(traces, host.id, 'unit', name)
    return row !== undefined && row.before === undefined
  })
  const blocks = Object.entries(bootFiles(saved, placesOf(saved), [])).filter(
    ([path]) => !OWN.includes(path),
  )
  const own = Object.fromEntries(
    OWN.filter((path) => textOf(saved, path) !== undefined).map((path) => [path, undefined]),
  )
  const others = {
    ...Object.fromEntries(blocks),
    ...rulesBack(world, traces),
    ...autoBack(world, traces),
  }
  planFiles(
    draft,
    world,
    {
      files: { ...others, ...own },
      enabled: { [UNIT]: false, ...Object.fromEntries(enabled.map((name) => [name, false])) },
    },
    true,
  )
  planBackups(draft, world)
}

/** Backups go too: those that are there, and those that writing a file of others back makes. */
function planBackups(draft: Draft, world: SaveHost): void {
  const steps = draft.steps.filter(({ hostId }) => hostId === world.host.id)
  const changeOf = (path: string) =>
    steps.find(({ item }) => item?.kind === 'file' && item.path === path)?.change
  for (const path of FILES) {
    const change = changeOf(path)
    const there = world.saved.present.includes(backupOf(path))
    if (change === 'edit' || change === 'add' || (there && change === undefined))
      planBackup(draft, world, backupOf(path))
  }
}

/** Plans "remove every trace of Tunboard from this host": files as they were, ours gone, no backup left. */
export function planUninstall(
  hosts: readonly SaveHost[],
  traces: Traces,
  waiting: readonly Note[] = [],
): SavePlan {
  const draft = newDraft()
  for (const world of hosts) planHost(draft, world, traces)
  return closeDraft(draft, waiting, [])
}

import { reloadUnits, syncDisk } from './commands'
import { commandFor } from './item-change'
import type { Item } from './ledger'
import type { Note, Plan, Refusal, Step } from './plan'
import { purgeBackup, purgeFile, putFile, removeFile } from './put-file'
import { type Reason, reason } from './reason'
import { isEnabled, LOCAL_D, RC_LOCAL, textOf } from './save-places'
import type { SaveHost } from './save-targets'
import { backupOf, type SavedFile, type SavedItem } from './saved'

/** What a host's files are to be: texts by path (`undefined` = absent), and what is to be started at boot. */
export type FilesWanted = {
  files: Readonly<Record<string, string | undefined>>
  enabled: Readonly<Record<string, boolean>>
}

/** A plan that changes what hosts have saved, with what will then be in their files of ours. */
export type SavePlan = Plan & { items: readonly SavedItem[] }

/** A unit is disabled while its file is still there, and enabled once it is. */
const PHASE = { off: 50, file: 51, reload: 52, on: 53, sync: 54 } as const

/** A plan of file steps in the making. */
export type Draft = { steps: Step[]; refusals: Refusal[]; notes: Note[] }

/** Adds a refusal. */
export const refuse = (draft: Draft, hostId: string, why: Reason) =>
  draft.refusals.push({ hostId, why })

/** Adds a step on a host; one without flock(1) is refused, since nobody could hold its fence. */
export function addStep(
  draft: Draft,
  { host, running }: SaveHost,
  body: Omit<Step, 'id' | 'hostId' | 'hostName' | 'mayFail'>,
) {
  const isFirst = draft.steps.every(({ hostId }) => hostId !== host.id)
  if (isFirst && !running.tools.includes('flock'))
    refuse(draft, host.id, reason('refusal.no-flock', { host: host.name }))
  draft.steps.push({
    ...body,
    id: `${host.id} ${body.change} ${body.kind} ${body.subject}`,
    ...{ hostId: host.id, hostName: host.name, mayFail: false },
  })
}

/** Says why a file must not be written over, whatever it is to hold. */
export function obstacle(
  file: SavedFile | undefined,
  path: string,
  host: string,
): Reason | undefined {
  if (file === undefined || file.kind === 'text') return undefined
  if (file.kind === 'link') return reason('refusal.save-link', { host, path, target: file.target })
  if (file.kind === 'unreadable')
    return reason('refusal.save-unreadable', { host, path, why: file.why })
  return reason('refusal.save-not-text', { host, path })
}

const modeOf = (path: string): '600' | '644' | '755' => {
  if (path === RC_LOCAL || path === LOCAL_D) return '755'
  return /ipvsadm\.rules$|sysconfig\/ipvsadm$|rules-save$/.test(path) ? '600' : '644'
}

const putOrRemove = (path: string, before: string | undefined, after: string | undefined) =>
  after === undefined ? removeFile(path, before ?? '') : putFile(path, modeOf(path), before, after)

/** Adds the step that gives a file its text, or takes it away; `purge`: with its backups, as if we had never come. */
export function planFile(
  draft: Draft,
  world: SaveHost,
  path: string,
  after: string | undefined,
  purge = false,
): void {
  const { host, saved } = world
  const before = textOf(saved, path)
  const hindrance = obstacle(saved.files[path], path, host.name)
  if (hindrance !== undefined && after !== undefined) refuse(draft, host.id, hindrance)
  if (hindrance !== undefined || before === after) return
  addStep(draft, world, {
    kind: 'file',
    change: before === undefined ? 'add' : after === undefined ? 'remove' : 'edit',
    item: { kind: 'file', path },
    subject: path,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after, stdin: after }),
    argv: purge ? purgeFile(path, before) : putOrRemove(path, before, after),
    undo: putOrRemove(path, after, before),
    ...(before === undefined ? {} : { undoStdin: before }),
    why: reason('why.save-file', { path }),
    phase: PHASE.file,
  })
}

function planUnit(draft: Draft, world: SaveHost, name: string, wanted: boolean): void {
  const item: Item = { kind: 'unit', name }
  const before = isEnabled(world.saved, name) ? 'enabled' : undefined
  const after = wanted ? 'enabled' : undefined
  const [argv, undo] = [commandFor(item, before, after), commandFor(item, after, before)]
  if (argv === undefined || undo === undefined) return
  addStep(draft, world, {
    kind: 'unit',
    change: wanted ? 'add' : 'remove',
    item,
    subject: name,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...{ argv, undo, why: reason('why.save-unit', { unit: name }) },
    phase: wanted ? PHASE.on : PHASE.off,
  })
}

/** Adds the step that takes one of our backups away. */
export function planBackup(draft: Draft, world: SaveHost, backup: string): void {
  const path = backup.slice(0, -backupOf('').length)
  addStep(draft, world, {
    ...{ kind: 'file', change: 'remove', subject: backup, argv: purgeBackup(path) },
    why: reason('why.uninstall-backup', { path }),
    phase: PHASE.on,
  })
}

/** Has systemd read unit files that changed, or a stop before the next boot would still run the old ones. */
function planReload(draft: Draft, world: SaveHost): void {
  const changed = draft.steps.some(
    ({ hostId, item }) =>
      hostId === world.host.id && item?.kind === 'file' && item.path.startsWith('/etc/systemd/'),
  )
  if (!changed || world.saved.init !== 'systemd') return
  addStep(draft, world, {
    ...{ kind: 'reload', change: 'do', subject: 'systemd', argv: reloadUnits() },
    why: reason('why.save-reload'),
    phase: PHASE.reload,
  })
}

/** systemctl and rc-update make links and go: a power cut right after would lose what was read back as there. */
function planSync(draft: Draft, world: SaveHost): void {
  if (!draft.steps.some(({ hostId, kind }) => hostId === world.host.id && kind === 'unit')) return
  addStep(draft, world, {
    ...{ kind: 'sync', change: 'do', subject: 'disk', argv: syncDisk() },
    why: reason('why.save-sync'),
    phase: PHASE.sync,
  })
}

/** Adds the steps that take a host's files to what is wanted; `purge`: what is taken away goes with its backups. */
export function planFiles(
  draft: Draft,
  world: SaveHost,
  { files, enabled }: FilesWanted,
  purge = false,
): void {
  for (const [path, text] of Object.entries(files))
    planFile(draft, world, path, text, purge && text === undefined)
  planReload(draft, world)
  for (const [name, wanted] of Object.entries(enabled)) planUnit(draft, world, name, wanted)
  planSync(draft, world)
}

/** Writes a plan's basis: what its steps and refusals read. */
const saveBasis = ({ steps, refusals }: Draft): string =>
  JSON.stringify([
    steps.map(({ hostId, argv, before, after }) => [hostId, argv, before, after]),
    refusals.map(({ hostId, why }) => [hostId, why]),
  ])

/** Begins a plan of file steps. */
export const newDraft = (): Draft => ({ steps: [], refusals: [], notes: [] })

/** Closes a draft of file steps as a plan; hosts that were not read wait. */
export function closeDraft(
  draft: Draft,
  waiting: readonly Note[],
  items: readonly SavedItem[],
): SavePlan {
  const order = (a: Step, b: Step) =>
    a.hostName < b.hostName ? -1 : a.hostName > b.hostName ? 1 : a.phase - b.phase
  return {
    ...draft,
    steps: [...draft.steps].sort(order),
    basis: saveBasis(draft),
    ...{ debts: [], waiting, bookkeeping: [], items },
  }
}

import { bootFiles } from './boot-files'
import {
  closeDraft,
  type Draft,
  type FilesWanted,
  newDraft,
  planFiles,
  refuse,
  type SavePlan,
} from './file-steps'
import { compareItems, formatItem, type Item } from './ledger'
import type { Note } from './plan'
import { type Reason, reason } from './reason'
import { mergeRules, type RuleItem, readRules } from './rules-file'
import {
  AUTO_FILE,
  DROP_IN,
  hasLoader,
  isAuto,
  isRead,
  type Places,
  placesOf,
  textOf,
  UNIT,
  withAuto,
} from './save-places'
import {
  bootTargets,
  rulesOf,
  type SaveHost,
  type SaveScope,
  saveTargets,
  unsavedForeign,
} from './save-targets'
import { DEFAULT_TIMEOUTS, type SavedItem } from './saved'
import { formatServiceKey, sameService } from './service'
import { lostRip } from './wants'

const DROP_IN_TEXT = `# Written by Tunboard: without this a stop would save the live table over the rules, then clear it.
[Service]
ExecStop=
`

/** What makes the distribution load the rules at boot, and leave its file alone. */
function loaderFiles(world: SaveHost, places: Places, hasRules: boolean): FilesWanted {
  if (!hasRules) return { files: {}, enabled: {} }
  const { saved } = world
  const auto = textOf(saved, AUTO_FILE)
  const openrc = saved.init === 'openrc'
  return {
    files: {
      ...(places.loader === 'auto' && !isAuto(auto) && { [AUTO_FILE]: withAuto(auto, 'true') }),
      ...(places.family === 'rhel' && { [DROP_IN]: DROP_IN_TEXT }),
    },
    enabled: saved.init === 'other' ? {} : { [openrc ? 'ipvsadm' : 'ipvsadm.service']: true },
  }
}

const ruleItems = (items: readonly SavedItem[]) =>
  items.flatMap(({ item, value }) =>
    item.kind === 'service' || item.kind === 'entry' ? [{ item: item as RuleItem, value }] : [],
  )

/** Foreign services that were ticked, as they run. */
function ticked({ running, host }: SaveHost, { include }: SaveScope) {
  if (running.ipvs.state !== 'present') return []
  return running.ipvs.services
    .filter(({ key }) =>
      include.some(({ hostId, service }) => hostId === host.id && sameService(service, key)),
    )
    .flatMap(rulesOf)
}

/**
 * The rules as merged; timeouts only with rules of ours, and where they are not the kernel's own, or the file has a line
 * of them.
 */
function mergedRules(
  world: SaveHost,
  scope: SaveScope,
  items: readonly SavedItem[],
  gone: readonly SavedItem[],
) {
  const { saved } = world
  const text = textOf(saved, placesOf(saved).rules)
  const put = [...ruleItems(items), ...ticked(world, scope)]
  const { timeouts } = saved
  const usual = JSON.stringify(timeouts) === JSON.stringify(DEFAULT_TIMEOUTS)
  const told = readRules(text).timeouts !== undefined
  const change = {
    put: put.sort((a, b) => compareItems(a.item, b.item)),
    drop: ruleItems(gone).map(({ item }) => item),
    ...(timeouts !== undefined && put.length > 0 && (told || !usual) && { timeouts }),
  }
  const after = mergeRules(text, change)
  return {
    before: text,
    after: text === undefined && after === '' ? undefined : after,
    hasRules: put.length > 0,
  }
}

const servicesIn = (text: string | undefined): string[] =>
  readRules(text).rules.flatMap(({ item }) =>
    item.kind === 'service' ? [formatServiceKey(item.service)] : [],
  )

/** An empty table never goes over a full one: a file loses only services of ours that are wanted no more. */
function guardEmpty(
  draft: Draft,
  { host }: SaveHost,
  rules: ReturnType<typeof mergedRules>,
  gone: readonly SavedItem[],
) {
  const left = new Set(servicesIn(rules.after))
  const ours = new Set(ruleItems(gone).map(({ item }) => formatServiceKey(item.service)))
  const lost = servicesIn(rules.before).filter((name) => !left.has(name) && !ours.has(name))
  if (lost.length > 0)
    refuse(
      draft,
      host.id,
      reason('refusal.save-empty', { host: host.name, services: lost.join(', ') }),
    )
}

/** Rules that AUTO was keeping out: with ours they come back too. */
function noteAuto(draft: Draft, world: SaveHost, rules: ReturnType<typeof mergedRules>): void {
  const { host, saved, running } = world
  if (placesOf(saved).loader !== 'auto' || isAuto(textOf(saved, AUTO_FILE)) || !rules.hasRules)
    return
  const live = running.ipvs.state === 'present' ? running.ipvs.services : []
  const names = servicesIn(rules.before).filter(
    (name) => !live.some(({ key }) => formatServiceKey(key) === name),
  )
  if (names.length === 0) return
  const why = reason('note.save-auto', { host: host.name, services: names.join(', ') })
  draft.notes.push({ hostId: host.id, hostName: host.name, why })
}

function addNotes(
  draft: Draft,
  world: SaveHost,
  scope: SaveScope,
  elsewhere: readonly Item[],
): void {
  const { host, saved } = world
  const note = (why: Reason) => draft.notes.push({ hostId: host.id, hostName: host.name, why })
  const places = placesOf(saved)
  const name = saved.distribution.name
  if (places.evidence === 'documentation')
    note(reason('note.save-documentation', { host: host.name, name }))
  for (const item of elsewhere)
    note(reason('note.save-elsewhere', { host: host.name, item: formatItem(item) }))
  const { stopsAt } = readRules(textOf(saved, places.rules))
  if (stopsAt !== undefined)
    note(reason('note.save-stops', { host: host.name, path: places.rules, ...stopsAt }))
  const ticks = scope.include.filter(({ hostId }) => hostId === host.id)
  for (const { key } of unsavedForeign(world, scope.ledger))
    if (!ticks.some(({ service }) => sameService(service, key)))
      note(reason('note.save-foreign', { host: host.name, service: formatServiceKey(key) }))
}

/** Refuses what may not be saved: not running as desired, or not known. */
function guardApplied(
  draft: Draft,
  { host, running }: SaveHost,
  scope: SaveScope,
  targets: ReturnType<typeof saveTargets>,
) {
  if (running.ipvs.state === 'denied')
    refuse(draft, host.id, reason('refusal.save-unread', { host: host.name }))
  const clusters = new Set(targets.unapplied.map(({ clusterId }) => clusterId))
  for (const id of clusters) {
    const items = targets.unapplied.filter(({ clusterId }) => clusterId === id)
    const cluster = scope.clusters.find((each) => each.id === id)?.name ?? id
    const item = formatItem(items[0]?.item ?? { kind: 'module', name: '-' })
    refuse(
      draft,
      host.id,
      reason('refusal.save-unapplied', { host: host.name, cluster, count: items.length, item }),
    )
  }
}

/** Without its RIP nothing can be said of what a real server needs: its files would be emptied. */
function guardRips(draft: Draft, { host, running }: SaveHost, scope: SaveScope) {
  for (const cluster of scope.clusters.filter(({ id }) => scope.saving.includes(id))) {
    const rip = lostRip(cluster, host.id, running)
    if (rip !== undefined)
      refuse(draft, host.id, reason('refusal.rip-not-here', { host: host.name, rip }))
  }
}

function planHost(draft: Draft, world: SaveHost, scope: SaveScope): readonly SavedItem[] {
  const { saved, host } = world
  const places = placesOf(saved)
  const targets = saveTargets(world, scope)
  const rules = mergedRules(world, scope, targets.items, targets.gone)
  guardRips(draft, world, scope)
  guardApplied(draft, world, scope, targets)
  guardEmpty(draft, world, rules, targets.gone)
  if (rules.hasRules && !hasLoader(saved) && saved.init !== 'other')
    refuse(draft, host.id, reason('refusal.save-no-loader', { host: host.name }))
  if (rules.hasRules && !isRead(places))
    refuse(draft, host.id, reason('refusal.save-place', { host: host.name, path: places.rules }))
  const boot = bootTargets(targets.items)
  const loader = loaderFiles(world, places, rules.hasRules)
  const own = boot.length > 0
  planFiles(draft, world, {
    files: { ...bootFiles(saved, places, boot), [places.rules]: rules.after, ...loader.files },
    enabled: {
      ...(places.boot === 'systemd' && { [UNIT]: own }),
      ...(places.boot === 'local.d' && own && { local: true }),
      ...loader.enabled,
    },
  })
  addNotes(draft, world, scope, targets.elsewhere)
  noteAuto(draft, world, rules)
  return targets.items
}

/**
 * Decides what takes the files of hosts to what a reboot is to bring back: of the clusters that are saved what runs as
 * desired, of other clusters what they saved last, of everybody else what is there. Pure; the same input gives the
 * same plan. An empty plan means that the files are as they would be written.
 */
export function planSave(
  hosts: readonly SaveHost[],
  scope: SaveScope,
  waiting: readonly Note[] = [],
): SavePlan {
  const draft = newDraft()
  const items = hosts.flatMap((world) => planHost(draft, world, scope))
  return closeDraft(draft, waiting, items)
}

import {
  closeDraft,
  type FilesWanted,
  newDraft,
  planFiles,
  refuse,
  type SavePlan,
} from './file-steps'
import { formatItem, type Item } from './ledger'
import type { Note } from './plan'
import { reason } from './reason'
import { readRules } from './rules-file'
import {
  ETC_MODULES,
  LOCAL_D,
  MODULES_FILE,
  type Places,
  placesOf,
  RC_LOCAL,
  SYSCTL_FILE,
  textOf,
  UNIT_FILE,
} from './save-places'
import type { SaveHost } from './save-targets'
import type { SavedItem } from './saved'

/** What the files of one host were after an earlier save, and what of ours was in them. */
export type EarlierSave = FilesWanted & { hostId: string; items: readonly SavedItem[] }

const count = (text: string | undefined): number => readRules(text).rules.length

/** The files that may hold an item. */
function holdersOf({ kind }: Item, { rules }: Places): readonly string[] {
  if (kind === 'service' || kind === 'entry') return [rules]
  if (kind === 'sysctl') return [SYSCTL_FILE]
  return kind === 'module' ? [MODULES_FILE, ETC_MODULES] : [UNIT_FILE, RC_LOCAL, LOCAL_D]
}

/** What of ours stays in files that the earlier save does not touch. */
function untouched({ host, saved }: SaveHost, wanted: EarlierSave, last: readonly SavedItem[]) {
  const places = placesOf(saved)
  const known = new Set(wanted.items.map(({ item }) => formatItem(item)))
  return last.filter(
    ({ hostId, item }) =>
      hostId === host.id &&
      !known.has(formatItem(item)) &&
      !holdersOf(item, places).some((path) => path in wanted.files),
  )
}

/**
 * Plans that the files of hosts become what they were after an earlier save; files that it did not touch stay. It is
 * refused where it would put an empty table over a full one.
 */
export function planPutBack(
  hosts: readonly SaveHost[],
  earlier: readonly EarlierSave[],
  lastSaved: readonly SavedItem[],
  waiting: readonly Note[] = [],
): SavePlan {
  const draft = newDraft()
  const items = earlier.flatMap((each) => each.items)
  for (const world of hosts) {
    const wanted = earlier.find(({ hostId }) => hostId === world.host.id)
    if (wanted === undefined) continue
    const { rules } = placesOf(world.saved)
    const empties = rules in wanted.files && count(wanted.files[rules]) === 0
    const services = String(count(textOf(world.saved, rules)))
    if (empties && services !== '0')
      refuse(
        draft,
        world.host.id,
        reason('refusal.save-empty', { host: world.host.name, services }),
      )
    planFiles(draft, world, wanted)
    items.push(...untouched(world, wanted, lastSaved))
  }
  return closeDraft(draft, waiting, items)
}

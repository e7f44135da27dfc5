import {
  closeDraft,
  type FilesWanted,
  newDraft,
  planFiles,
  refuse,
  type SavePlan,
} from './file-steps'
import type { Note } from './plan'
import { reason } from './reason'
import { readRules } from './rules-file'
import { placesOf, textOf } from './save-places'
import type { SaveHost } from './save-targets'
import type { SavedItem } from './saved'

/** What the files of one host were after an earlier save, and what of ours was in them. */
export type EarlierSave = FilesWanted & { hostId: string; items: readonly SavedItem[] }

const count = (text: string | undefined): number => readRules(text).rules.length

/**
 * Plans that the files of hosts become what they were after an earlier save; files that it did not touch stay. It is
 * refused where it would put an empty table over a full one.
 */
export function planPutBack(
  hosts: readonly SaveHost[],
  earlier: readonly EarlierSave[],
  waiting: readonly Note[] = [],
): SavePlan {
  const draft = newDraft()
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
  }
  const items = earlier.flatMap((each) => each.items)
  return closeDraft(draft, waiting, items)
}

import type { Tone } from '@/app/_ui/tone'

/** What the last reading of a host's files said, as far as its state as one word needs it. */
export type CheckedHost = {
  readAt: Date
  survival?: {
    state: 'survives' | 'doubtful' | 'lost' | 'nothing'
    checks: readonly { why: { code: string; values: Record<string, string | number> } }[]
  }
  counts: Readonly<Record<string, number>>
  changed?: { at: Date; paths: readonly string[] }
}

/**
 * Whether a reboot would bring hosts back as desired, as one word. `unsaved`: it loses `count` items · `notLoaded`:
 * all is in files, and nothing reads them · `unapplied`: what is desired does not run yet, so it cannot be saved ·
 * `returns`: it brings `item` back, of `count` · `edited`: somebody changed the files since.
 */
export type SavedWord =
  | 'survives'
  | 'unsaved'
  | 'notLoaded'
  | 'unapplied'
  | 'returns'
  | 'doubtful'
  | 'edited'
  | 'unknown'
  | 'nothing'

export type SavedState = {
  word: SavedWord
  tone: Tone
  count: number
  item: string
  /** When the oldest of the readings was made; absent where nothing was read yet. */
  at?: number
}

export const SAVED_TONE: Record<SavedWord, Tone> = {
  survives: 'ok',
  unsaved: 'warn',
  notLoaded: 'warn',
  unapplied: 'neutral',
  returns: 'warn',
  doubtful: 'warn',
  edited: 'warn',
  unknown: 'unknown',
  nothing: 'neutral',
}

const sumOf = (hosts: readonly CheckedHost[], ...names: readonly string[]): number =>
  hosts.reduce((sum, { counts }) => sum + names.reduce((n, name) => n + (counts[name] ?? 0), 0), 0)

const has = (hosts: readonly CheckedHost[], state: string): boolean =>
  hosts.some(({ survival }) => survival?.state === state)

/** What comes back although nobody wants it any more; a real server stands for its entry. */
const returningOf = (hosts: readonly CheckedHost[]): string[] =>
  hosts.flatMap(({ survival }) =>
    (survival?.checks ?? []).flatMap(({ why }) =>
      why.code === 'survives.returns' ? [String(why.values.item ?? '')] : [],
    ),
  )

function wordOf(hosts: readonly CheckedHost[], isWhole: boolean): SavedWord {
  if (has(hosts, 'lost')) {
    if (sumOf(hosts, 'unsaved', 'differs') > 0) return 'unsaved'
    return sumOf(hosts, 'unapplied') > 0 ? 'unapplied' : 'notLoaded'
  }
  if (!isWhole) return 'unknown'
  if (returningOf(hosts).length > 0) return 'returns'
  if (has(hosts, 'doubtful')) return 'doubtful'
  if (hosts.some(({ changed }) => changed !== undefined)) return 'edited'
  return has(hosts, 'survives') ? 'survives' : 'nothing'
}

/** Tells how well hosts are saved, by what was read of each; `undefined`: of that host nothing was. */
export function savedState(hosts: readonly (CheckedHost | undefined)[]): SavedState {
  const known = hosts.filter((host) => host !== undefined)
  const isWhole = known.length === hosts.length && known.every(({ survival }) => survival)
  const word = wordOf(known, isWhole)
  const returning = returningOf(known)
  const count = word === 'returns' ? returning.length : sumOf(known, 'unsaved', 'differs')
  return {
    ...{ word, tone: SAVED_TONE[word], count, item: returning[0] ?? '' },
    ...(known.length > 0 && { at: Math.min(...known.map(({ readAt }) => readAt.getTime())) }),
  }
}

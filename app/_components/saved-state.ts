import type { Tone } from '@/app/_ui/tone'

/** What the last reading of a host's files said, as far as its state as one word needs it. */
export type CheckedHost = {
  readAt: Date
  survival?: {
    state: 'survives' | 'doubtful' | 'lost' | 'nothing'
    checks: readonly {
      state: 'ok' | 'doubtful' | 'bad'
      why: { code: string; values: Record<string, string | number> }
    }[]
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

/** Checks that are not well because items do not run as desired yet, or because nothing reads the files. */
const OF_ITEMS = /-lost$|^survives\.sysctl-/

const isUnread = ({ survival }: CheckedHost): boolean =>
  survival?.checks.some(({ state, why }) => state === 'bad' && !OF_ITEMS.test(why.code)) === true

/** What comes back although nobody wants it any more; a real server stands for its entry. */
const returningOf = (hosts: readonly CheckedHost[]): string[] =>
  hosts.flatMap(({ survival }) =>
    (survival?.checks ?? []).flatMap(({ why }) =>
      why.code === 'survives.returns' ? [String(why.values.item ?? '')] : [],
    ),
  )

/** Hosts are shared: what is not applied on one although this cluster is, another one wants there. */
function lossOf(hosts: readonly CheckedHost[], isApplied: boolean): SavedWord | undefined {
  const lost = hosts.filter(({ survival }) => survival?.state === 'lost')
  if (lost.length === 0) return undefined
  if (sumOf(lost, 'unsaved', 'differs') > 0) return 'unsaved'
  if (sumOf(lost, 'unapplied') > 0 && !isApplied) return 'unapplied'
  return lost.some(isUnread) ? 'notLoaded' : undefined
}

function wordOf(
  hosts: readonly CheckedHost[],
  { isWhole, isApplied }: { isWhole: boolean; isApplied: boolean },
): SavedWord {
  const loss = lossOf(hosts, isApplied)
  if (loss !== undefined) return loss
  if (!isWhole) return 'unknown'
  const has = (...states: string[]) =>
    hosts.some(({ survival }) => survival !== undefined && states.includes(survival.state))
  if (returningOf(hosts).length > 0) return 'returns'
  if (has('doubtful')) return 'doubtful'
  if (hosts.some(({ changed }) => changed !== undefined)) return 'edited'
  return has('survives', 'lost') ? 'survives' : 'nothing'
}

/**
 * Tells how well a cluster's hosts are saved, by what was read of each; `undefined`: of that host nothing was.
 * `isApplied`: what this cluster wants runs.
 */
export function savedState(
  hosts: readonly (CheckedHost | undefined)[],
  isApplied: boolean,
): SavedState {
  const known = hosts.filter((host) => host !== undefined)
  const isWhole = known.length === hosts.length && known.every(({ survival }) => survival)
  const word = wordOf(known, { isWhole, isApplied })
  const returning = returningOf(known)
  const count = word === 'returns' ? returning.length : sumOf(known, 'unsaved', 'differs')
  return {
    ...{ word, tone: SAVED_TONE[word], count, item: returning[0] ?? '' },
    ...(known.length > 0 && { at: Math.min(...known.map(({ readAt }) => readAt.getTime())) }),
  }
}

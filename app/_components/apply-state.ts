import type { IconName } from '@/app/_ui/icon'
import type { Tone } from '@/app/_ui/tone'
import type { ApplyState } from '@/lib/db/applies'
import type { Watch } from '@/lib/ops/watch-entries'

/** How an apply is, as one word: a verified one with a real server that does not answer is not well. */
export type ApplyWord = ApplyState | 'silent'

/** Tells which word an apply deserves. */
export function applyWord(state: ApplyState, watch: Watch | undefined): ApplyWord {
  const isSilent = watch?.entries.some(({ verdict }) => verdict === 'silent') === true
  return state === 'verified' && isSilent ? 'silent' : state
}

export const APPLY_LOOK: Record<ApplyWord, { tone: Tone; icon: IconName }> = {
  running: { tone: 'info', icon: 'running' },
  verified: { tone: 'ok', icon: 'ok' },
  silent: { tone: 'warn', icon: 'warn' },
  'not-verified': { tone: 'warn', icon: 'warn' },
  failed: { tone: 'bad', icon: 'bad' },
  interrupted: { tone: 'unknown', icon: 'unknown' },
}

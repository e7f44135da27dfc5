import type { IconName } from '@/app/_ui/icon'
import type { Tone } from '@/app/_ui/tone'

/** How an apply is, as one word: a verified one with a real server that does not answer is not well. */
export type ApplyWord =
  | 'running'
  | 'armed'
  | 'verified'
  | 'silent'
  | 'not-verified'
  | 'failed'
  | 'interrupted'
  | 'undone'

/** What its watch after the steps has seen, as far as it matters for the word. */
type Seen = { entries: readonly { verdict: string }[] }

/** Tells which word an apply deserves. */
export function applyWord(state: Exclude<ApplyWord, 'silent'>, watch: Seen | undefined): ApplyWord {
  const isSilent = watch?.entries.some(({ verdict }) => verdict === 'silent') === true
  return state === 'verified' && isSilent ? 'silent' : state
}

export const APPLY_LOOK: Record<ApplyWord, { tone: Tone; icon: IconName }> = {
  running: { tone: 'info', icon: 'running' },
  armed: { tone: 'warn', icon: 'wait' },
  verified: { tone: 'ok', icon: 'ok' },
  silent: { tone: 'warn', icon: 'warn' },
  'not-verified': { tone: 'warn', icon: 'warn' },
  failed: { tone: 'bad', icon: 'bad' },
  interrupted: { tone: 'unknown', icon: 'unknown' },
  undone: { tone: 'warn', icon: 'undo' },
}

/** Applies that change what a boot reads, not what runs. */
const FILE_KINDS = ['save', 'put-back', 'uninstall'] as const
export type FileKind = (typeof FILE_KINDS)[number]

/** Tells the kinds of apply that change files. */
export const isFileKind = (kind: string): kind is FileKind =>
  FILE_KINDS.some((each) => each === kind)

import type { IconName } from '@/app/_ui/icon'
import type { Tone } from '@/app/_ui/tone'
import type { SavedRow, Survival, SurvivalCheck } from '@/lib/lvs/survives'

export const VERDICT_TONE: Record<Survival['state'], Tone> = {
  survives: 'ok',
  doubtful: 'warn',
  lost: 'bad',
  nothing: 'neutral',
}

export const CHECK_TONE: Record<SurvivalCheck['state'], Tone> = {
  ok: 'ok',
  doubtful: 'warn',
  bad: 'bad',
}

export const ROW_LOOK: Record<SavedRow['state'], { tone: Tone; icon?: IconName }> = {
  same: { tone: 'ok' },
  unsaved: { tone: 'warn' },
  differs: { tone: 'warn' },
  returns: { tone: 'warn', icon: 'undo' },
  unapplied: { tone: 'info', icon: 'waiting' },
}

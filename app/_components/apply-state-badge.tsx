import { useTranslations } from 'next-intl'
import { State } from '@/app/_ui/state'
import type { Tone } from '@/app/_ui/tone'

/** How an apply stands: the words of the journal. */
export type ApplyState = 'running' | 'verified' | 'not-verified' | 'failed' | 'interrupted'

const TONE: Record<ApplyState, Tone> = {
  running: 'info',
  verified: 'ok',
  'not-verified': 'warn',
  failed: 'bad',
  interrupted: 'bad',
}

/** The outcome of an apply as word, icon and colour. */
export function ApplyStateBadge({ state, quiet = true }: { state: ApplyState; quiet?: boolean }) {
  const t = useTranslations('activity.state')
  return (
    <State tone={TONE[state]} icon={state === 'running' ? 'running' : undefined} quiet={quiet}>
      {t(state)}
    </State>
  )
}

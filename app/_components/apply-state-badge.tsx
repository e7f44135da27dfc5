import { useTranslations } from 'next-intl'
import { State } from '@/app/_ui/state'
import type { ApplyState } from '@/lib/db/applies'
import { APPLY_LOOK } from './apply-state'

/** The outcome of an apply as word, icon and colour. */
export function ApplyStateBadge({ state, quiet = true }: { state: ApplyState; quiet?: boolean }) {
  const t = useTranslations('activity.state')
  return (
    <State {...APPLY_LOOK[state]} quiet={quiet}>
      {t(state)}
    </State>
  )
}

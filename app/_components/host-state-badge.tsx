import { useTranslations } from 'next-intl'
import { State } from '@/app/_ui/state'
import type { HostState } from './host-state'

/** A host's state as word, icon and colour. */
export function HostStateBadge({ state, quiet = true }: { state: HostState; quiet?: boolean }) {
  const t = useTranslations('hosts.state')
  const { name, tone, ...values } = state
  return (
    <State tone={tone} quiet={quiet}>
      {t(name, { count: 0, owner: '', ...values })}
    </State>
  )
}

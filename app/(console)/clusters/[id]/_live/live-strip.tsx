'use client'

import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Age } from '@/app/_ui/age'
import { State } from '@/app/_ui/state'
import type { LiveService } from '@/lib/lvs/live'
import type { LiveState } from './live-store'
import { useFigures } from './use-figures'

/** Whether the page hears the server, and how old what it shows is. */
function StreamWords({ state, isLost }: { state: LiveState; isLost: boolean }) {
  const t = useTranslations('live.stream')
  const { stream, readAt } = state
  const age = () => (readAt === undefined ? t('never') : <Age at={readAt} />)
  if (stream === 'reconnecting')
    return (
      <State tone="unknown" icon="running">
        {t.rich('reconnecting', { age })}
      </State>
    )
  if (stream === 'connecting' || readAt === undefined)
    return (
      <State tone="unknown" icon="running">
        {t('connecting')}
      </State>
    )
  return (
    <State tone={isLost ? 'bad' : 'ok'} icon={isLost ? 'unplugged' : 'play'}>
      {isLost ? t.rich('lost', { age }) : t.rich('on', { age })}
    </State>
  )
}

function Total({ value, children }: { value: string | undefined; children: ReactNode }) {
  return (
    <span className="inline-flex items-baseline gap-1.5 whitespace-nowrap">
      <span className="font-mono font-strong text-base text-text">{value ?? '—'}</span>
      <span className="text-muted text-sm">{children}</span>
    </span>
  )
}

/** Adds up what each service has; one that is not known makes the sum not known. */
function sum(services: readonly LiveService[], of: (service: LiveService) => number | undefined) {
  return services.reduce<number | undefined>((total, service) => {
    const value = of(service)
    return total === undefined || value === undefined ? undefined : total + value
  }, 0)
}

/** Above everything: is it live, how old, and how much goes through the cluster. */
export function LiveStrip({
  state,
  services,
  isLost,
}: {
  state: LiveState
  services: readonly LiveService[]
  isLost: boolean
}) {
  const t = useTranslations('live.totals')
  const figures = useFigures()
  // Where none of our services stands in a table, there is nothing to add up: that is not 0.
  const known = isLost || services.length === 0 ? undefined : services
  const total = (
    of: (service: LiveService) => number | undefined,
    write: (value: number) => string,
  ) => {
    const value = known === undefined ? undefined : sum(known, of)
    return value === undefined ? undefined : write(value)
  }
  const active = (service: LiveService) =>
    service.realServers.reduce((all, realServer) => all + realServer.active, 0)
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
      <StreamWords state={state} isLost={isLost} />
      <div className="flex flex-wrap gap-x-6 gap-y-1 sm:ml-auto">
        <Total value={total((each) => each.connectionsPerSecond, figures.rate)}>{t('new')}</Total>
        <Total value={total(active, figures.count)}>{t('active')}</Total>
        <Total value={total((each) => each.inBytesPerSecond, figures.bytes)}>{t('inBytes')}</Total>
      </div>
    </div>
  )
}

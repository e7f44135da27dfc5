'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { cx } from '@/app/_ui/cx'
import type { LiveService } from '@/lib/lvs/live'
import type { ServiceView } from './real-server-view'
import { useFigures } from './use-figures'

const PARAM = 'service'

/** Which virtual service is shown is state of the page: it lives in its address. */
export function useChosenService(services: readonly ServiceView[]) {
  const search = useSearchParams()
  const pathname = usePathname()
  const chosen = services.find(({ key }) => key === search.get(PARAM)) ?? services[0]
  const choose = (key: string) => {
    const next = new URLSearchParams(search)
    next.set(PARAM, key)
    window.history.replaceState(null, '', `${pathname}?${next}`)
  }
  return { chosen, choose }
}

type Props = {
  services: readonly ServiceView[]
  live: (key: string) => LiveService | undefined
  chosen: string
  onChoose: (key: string) => void
}

/** The virtual services of a cluster side by side, each with what flows through it now. */
export function ServiceTabs({ services, live, chosen, onChoose }: Props) {
  const t = useTranslations('live')
  const figures = useFigures()
  return (
    <fieldset className="flex min-w-0 gap-2 overflow-x-auto p-0.5">
      <legend className="sr-only">{t('services')}</legend>
      {services.map(({ key, endpoint, protocol, scheduler, id }) => {
        const rate = live(key)?.connectionsPerSecond
        const facts = [protocol, scheduler, id === undefined && t('rowState.to-remove')]
        return (
          <button
            key={key}
            type="button"
            aria-pressed={key === chosen}
            onClick={() => onChoose(key)}
            className={cx(
              'row-height flex shrink-0 items-center gap-3 rounded-control border px-3 text-sm transition-colors',
              key === chosen ? 'border-accent bg-accent-soft' : 'bg-raised hover:bg-hover',
            )}
          >
            <span className="font-mono font-strong">{endpoint}</span>
            <span className="text-muted">
              {facts.filter((fact) => typeof fact === 'string').join(' · ')}
            </span>
            <span className="font-mono text-muted">
              {rate === undefined ? '—' : t('topology.newPerSecond', { value: figures.rate(rate) })}
            </span>
          </button>
        )
      })}
    </fieldset>
  )
}

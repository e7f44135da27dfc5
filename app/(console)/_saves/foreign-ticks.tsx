'use client'

import { usePathname, useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useOptimistic, useTransition } from 'react'
import { HostRow } from '@/app/_components/host-notes'
import { Card } from '@/app/_ui/card'
import { Icon } from '@/app/_ui/icon'
import type { SaveView } from './save-view'

/** Services of others that a reboot loses: each tick is another plan, so it is part of the address. */
export function ForeignTicks({ foreign }: Pick<SaveView, 'foreign'>) {
  const t = useTranslations('saves.foreign')
  const router = useRouter()
  const pathname = usePathname()
  const [isPending, start] = useTransition()
  const on = foreign.flatMap(({ ticks }) => ticks.flatMap((it) => (it.isOn ? [it.value] : [])))
  // the hosts are read again, which takes a second: the box must not look as if it had not been clicked
  const [shown, show] = useOptimistic<readonly string[]>(on)
  if (foreign.length === 0) return null
  const turn = (value: string, isOn: boolean) =>
    start(() => {
      const next = isOn ? [...shown, value] : shown.filter((each) => each !== value)
      show(next)
      const query = new URLSearchParams(next.map((each) => ['include', each]))
      router.replace(next.length === 0 ? pathname : `${pathname}?${query}`, { scroll: false })
    })
  return (
    <Card
      title={t('title')}
      note={t('note')}
      padded={false}
      actions={isPending && <Icon name="running" className="text-info" />}
    >
      <ul>
        {foreign.map(({ hostId, hostName, ticks }) => (
          <HostRow key={hostId} host={hostName}>
            <ul className="grid gap-1.5">
              {ticks.map(({ value, service, realServers }) => (
                <li key={value}>
                  <label className="flex items-start gap-2.5 pointer-coarse:min-h-11">
                    <input
                      type="checkbox"
                      checked={shown.includes(value)}
                      disabled={isPending}
                      onChange={({ target }) => turn(value, target.checked)}
                      className="mt-0.5 size-4 shrink-0 accent-accent"
                    />
                    <span className="min-w-0">
                      <span className="break-words font-mono">{service}</span>{' '}
                      <span className="text-muted">{t('servers', { count: realServers })}</span>
                    </span>
                  </label>
                </li>
              ))}
            </ul>
          </HostRow>
        ))}
      </ul>
    </Card>
  )
}

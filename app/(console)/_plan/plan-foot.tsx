'use client'

import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { type ReactNode, useOptimistic, useTransition } from 'react'
import { Button } from '@/app/_ui/button'
import { Icon } from '@/app/_ui/icon'
import { TextLink } from '@/app/_ui/text-link'

/** "Add anyway": another plan, so it is part of the address. */
export function SkipChecks({ isOn }: { isOn: boolean }) {
  const t = useTranslations('plan.skip')
  const router = useRouter()
  const pathname = usePathname()
  const given = useSearchParams()
  const [isPending, start] = useTransition()
  // the hosts are read again, which takes a second: the box must not look as if it had not been clicked
  const [isShown, show] = useOptimistic(isOn)
  return (
    <label className="flex items-start gap-2.5 text-sm">
      <input
        type="checkbox"
        checked={isShown}
        disabled={isPending}
        onChange={({ target }) =>
          start(() => {
            show(target.checked)
            const others = new URLSearchParams(given)
            others.delete('checks')
            if (target.checked) others.set('checks', 'skip')
            router.replace(others.size === 0 ? pathname : `${pathname}?${others}`)
          })
        }
        className="mt-0.5 size-4 shrink-0 accent-accent"
      />
      <span className="min-w-0">
        <span className="flex items-center gap-1.5 font-strong">
          {t('label')}
          {isPending && <Icon name="running" size={14} className="text-info" />}
        </span>
        <span className={isOn ? 'text-warn' : 'text-muted'}>{t(isOn ? 'on' : 'off')}</span>
      </span>
    </label>
  )
}

/** Stays in sight: that nothing has happened yet, and the one thing to do. */
export function PlanFoot({
  steps,
  emptyLabel,
  timer,
  disabledReason,
  isPending,
  back,
}: {
  steps: number
  /** What the button says where there is no step, and something else to do than the ledger. */
  emptyLabel: string | undefined
  /** Whether its hosts take it back unless it is confirmed; absent where nothing can be cut. */
  timer: 'with' | 'without' | undefined
  disabledReason: string | undefined
  isPending: boolean
  back: ReactNode
}) {
  const t = useTranslations('plan.foot')
  return (
    <div className="sticky bottom-0 z-10 -mx-6 mt-2 flex flex-wrap items-center gap-3 border-t bg-surface px-6 py-3 max-md:bottom-15 max-md:-mx-4 max-md:px-4">
      <p className="flex-1 text-muted text-sm max-sm:hidden">
        {t(steps === 0 && emptyLabel === undefined ? 'ledgerNote' : 'nothing')}{' '}
        {timer !== undefined && (
          <TextLink href="#undo">{t(timer === 'with' ? 'withTimer' : 'withoutTimer')}</TextLink>
        )}
      </p>
      {back}
      <Button
        type="submit"
        variant="primary"
        icon="play"
        pending={isPending}
        disabledReason={disabledReason}
        className="max-sm:flex-1"
      >
        {steps === 0 ? (emptyLabel ?? t('ledger')) : t('apply', { count: steps })}
      </Button>
    </div>
  )
}

'use client'

import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useTransition } from 'react'
import { type OpenSteps, ToggleCommands } from '@/app/_components/step-list'
import { Age } from '@/app/_ui/age'
import { Button } from '@/app/_ui/button'
import { useList } from '@/app/_ui/use-format'
import type { PlanView } from './plan-view'

/** What the plan does to connections that exist now, in the fewest words that are true. */
function useTouches() {
  const t = useTranslations('plan.touches')
  const list = useList()
  return ({ cut, ending, percent, current }: PlanView['radius']): string => {
    if (cut === undefined || ending === undefined) return t('unknown')
    const parts = [
      cut > 0 && t('cut', { count: cut }),
      ending > 0 && t('ending', { count: ending }),
    ].filter((part) => part !== false)
    if (parts.length === 0) return t('none')
    if (percent === undefined || current === undefined) return list(parts)
    return t('share', { what: list(parts), percent, current })
  }
}

function ReadAgain() {
  const t = useTranslations('plan')
  const router = useRouter()
  const [isPending, start] = useTransition()
  return (
    <Button
      size="sm"
      variant="quiet"
      icon="refresh"
      pending={isPending}
      onClick={() => start(() => router.refresh())}
    >
      {t('readAgain')}
    </Button>
  )
}

/** The headline of a plan: how much, where, at whose cost, and how old the reading is. */
export function PlanHead({ view, open }: { view: PlanView; open: OpenSteps }) {
  const t = useTranslations('plan')
  const touches = useTouches()
  const { steps } = view.plan
  const { hosts, services, entries, cut = 0, reset = 0 } = view.radius
  return (
    <div className="flex flex-wrap items-end gap-x-6 gap-y-2">
      <div className="min-w-0 flex-1 max-sm:basis-full">
        {steps.length > 0 && (
          <h2 className="text-pretty font-strong text-lg">
            {t('headline', { steps: steps.length, hosts })}
            <span className="font-normal text-muted">
              {' · '}
              {entries > 0 && `${t('reach', { services, entries })} · `}
              {touches(view.radius)}
              {' · '}
              {t('nothingYet')}
            </span>
          </h2>
        )}
        {reset > 0 && (
          <p className="max-w-[84ch] text-pretty text-sm text-warn">
            {t('reset', { count: reset })}
          </p>
        )}
        {cut > reset && (
          <p className="max-w-[84ch] text-pretty text-sm text-warn">
            {t('hang', { count: cut - reset })}
          </p>
        )}
        <p className="text-muted text-sm">
          {t.rich('read', { age: () => <Age at={view.readAt} />, ms: view.readMs })}
        </p>
      </div>
      <div className="-mx-2 flex flex-wrap items-center">
        {steps.length > 0 && <ToggleCommands open={open} />}
        <ReadAgain />
      </div>
    </div>
  )
}

'use client'

import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useTransition } from 'react'
import { Age } from '@/app/_ui/age'
import { Button } from '@/app/_ui/button'
import type { SaveView } from './save-view'

/** Reads the hosts of this page again. */
export function ReadAgain() {
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

/** How many files on how many hosts a plan is about. */
export function countsOf(steps: SaveView['steps']) {
  return {
    files: steps.filter(({ kind }) => kind === 'file').length,
    hosts: new Set(steps.map(({ hostId }) => hostId)).size,
    count: steps.length,
  }
}

/** The headline of a plan of files: how much, where, and how old the reading is. */
export function SavePlanHead({ view }: { view: SaveView }) {
  const t = useTranslations('saves.plan')
  const plan = useTranslations('plan')
  return (
    <div className="flex flex-wrap items-end gap-x-6 gap-y-2">
      <div className="min-w-0 flex-1 max-sm:basis-full">
        {view.steps.length > 0 && (
          <h2 className="text-pretty font-strong text-lg">
            {t('headline', countsOf(view.steps))}
            <span className="font-normal text-muted"> · {plan('nothingYet')}</span>
          </h2>
        )}
        <p className="text-muted text-sm">
          {plan.rich('read', { age: () => <Age at={view.readAt} />, ms: view.readMs })}
        </p>
      </div>
      <div className="-mx-2">
        <ReadAgain />
      </div>
    </div>
  )
}

'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Card } from '@/app/_ui/card'
import { Icon } from '@/app/_ui/icon'
import type { Step } from '@/lib/lvs/plan'
import { groupSteps } from './plan-groups'
import type { StepProgress } from './step-progress'
import { StepRow } from './step-row'

/** Which rows are open: all by the button, then each by hand. */
export function useOpenSteps(initial: readonly number[] = []) {
  const [open, setOpen] = useState<{ all: boolean; others: ReadonlySet<number> }>({
    all: false,
    others: new Set(initial),
  })
  const isOpen = (position: number) => open.all !== open.others.has(position)
  const toggle = (position: number, shouldBe: boolean) => {
    if (isOpen(position) === shouldBe) return
    const others = new Set(open.others)
    if (!others.delete(position)) others.add(position)
    setOpen({ all: open.all, others })
  }
  return {
    isOpen,
    toggle,
    all: open.all,
    setAll: (all: boolean) => setOpen({ all, others: new Set() }),
  }
}

export type OpenSteps = ReturnType<typeof useOpenSteps>

/** Opens or closes the commands of all steps. */
export function ToggleCommands({ open }: { open: OpenSteps }) {
  const t = useTranslations('plan')
  return (
    <Button
      size="sm"
      variant="quiet"
      icon="command"
      aria-pressed={open.all}
      onClick={() => open.setAll(!open.all)}
    >
      {t(open.all ? 'hideCommands' : 'showCommands')}
    </Button>
  )
}

/** Every step of a plan in its order, one card per host. */
export function StepList({
  steps,
  open,
  progress,
}: {
  steps: readonly Step[]
  open: OpenSteps
  /** By the steps' positions. */
  progress?: ReadonlyMap<number, StepProgress> | undefined
}) {
  const t = useTranslations('plan')
  return (
    <div className="flex flex-col gap-4">
      {groupSteps(steps).map((group) => (
        <Card
          key={group.id}
          padded={false}
          title={
            <span className="flex items-center gap-2">
              <Icon name="host" className="text-muted" />
              {group.hostName}
            </span>
          }
          actions={
            <span className="text-muted text-sm">{t('steps', { count: group.steps.length })}</span>
          }
        >
          <ol>
            {group.steps.map(({ step, position }) => (
              <StepRow
                key={step.id}
                step={step}
                position={position}
                isOpen={open.isOpen(position)}
                onToggle={(isOpen) => open.toggle(position, isOpen)}
                progress={progress?.get(position)}
              />
            ))}
          </ol>
        </Card>
      ))}
    </div>
  )
}

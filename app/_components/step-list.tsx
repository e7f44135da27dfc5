'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Card } from '@/app/_ui/card'
import { Icon } from '@/app/_ui/icon'
import { groupSteps, type StepGroup } from './plan-groups'
import type { StepProgress } from './step-progress'
import { StepRow } from './step-row'
import type { StepView } from './step-view'

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

/** More steps than this are not read one by one: hosts are folded, and open where something happens or went wrong. */
const MANY = 60

type ListProps = {
  steps: readonly StepView[]
  open: OpenSteps
  /** By the steps' positions. */
  progress?: ReadonlyMap<number, StepProgress> | undefined
}

/** What became of a folded host's steps, so that it need not be opened to know. */
function GroupCount({ group, progress }: { group: StepGroup; progress: ListProps['progress'] }) {
  const t = useTranslations('plan')
  const done = group.steps.filter(({ position }) => progress?.get(position)?.state === 'done')
  const count = group.steps.length
  if (progress === undefined) return t('steps', { count })
  return t('stepsDone', { done: done.length, count })
}

function HostSteps({
  group,
  open,
  progress,
  isFolded,
  onFold,
}: Omit<ListProps, 'steps'> & {
  group: StepGroup
  isFolded: boolean
  /** Absent where there are so few steps that all are shown. */
  onFold: (() => void) | undefined
}) {
  const name = (
    <>
      <Icon name="host" className="text-muted" />
      {group.hostName}
    </>
  )
  return (
    <Card
      padded={false}
      title={
        onFold === undefined ? (
          <span className="flex items-center gap-2">{name}</span>
        ) : (
          <button
            type="button"
            aria-expanded={!isFolded}
            onClick={onFold}
            className="flex items-center gap-2 rounded-chip hover:underline"
          >
            {name}
            <Icon name={isFolded ? 'chevron-right' : 'chevron-down'} size={14} />
          </button>
        )
      }
      actions={
        <span className="text-muted text-sm">
          <GroupCount group={group} progress={progress} />
        </span>
      }
    >
      {!isFolded && (
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
      )}
    </Card>
  )
}

/** Every step of a plan in its order, one card per host. */
export function StepList({ steps, open, progress }: ListProps) {
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set())
  const isMany = steps.length > MANY
  const needsEyes = (group: StepGroup, index: number) =>
    open.all ||
    (progress === undefined
      ? index === 0
      : group.steps.some(({ position }) => {
          const state = progress.get(position)?.state
          return state === 'running' || state === 'failed' || state === 'unknown'
        }))
  const turn = (id: string) => {
    const next = new Set(turned)
    if (!next.delete(id)) next.add(id)
    setTurned(next)
  }
  return (
    <div className="flex flex-col gap-4">
      {groupSteps(steps).map((group, index) => (
        <HostSteps
          key={group.id}
          group={group}
          open={open}
          progress={progress}
          isFolded={isMany && needsEyes(group, index) === turned.has(group.id)}
          onFold={isMany ? () => turn(group.id) : undefined}
        />
      ))}
    </div>
  )
}

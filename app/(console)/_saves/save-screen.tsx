'use client'

import { useTranslations } from 'next-intl'
import { useActionState } from 'react'
import { FailureBanner } from '@/app/_components/failure-banner'
import { HostNotes } from '@/app/_components/host-notes'
import { PlanMoved } from '@/app/_components/plan-moved'
import { Refusals, Waiting } from '@/app/_components/plan-warnings'
import { StepList, useOpenSteps } from '@/app/_components/step-list'
import { Button } from '@/app/_ui/button'
import { Card } from '@/app/_ui/card'
import { EmptyState } from '@/app/_ui/empty-state'
import { LinkButton } from '@/app/_ui/link-button'
import type { Action, ActionResult } from '@/app/action-result'
import { putBackAction, saveRulesAction, uninstallAction } from './actions'
import { ForeignTicks } from './foreign-ticks'
import { countsOf, SavePlanHead } from './save-plan-head'
import type { SaveView } from './save-view'

const ACTIONS = {
  save: saveRulesAction,
  'put-back': putBackAction,
  uninstall: uninstallAction,
} satisfies Record<string, Action<never>>

type Props = {
  kind: keyof typeof ACTIONS
  view: SaveView
  mayApply: boolean
  /** What the action is about: ids. */
  hidden: Readonly<Record<string, string>>
  back: { href: string; label: string }
}

/** What came of the button, and the steps that the person saw when it was pressed. */
type Sent = { result: ActionResult<unknown>; seen: SaveView['steps'] }

function Nothing({ kind, view, back }: Props) {
  const t = useTranslations(`saves.plan.${kind}`)
  const common = useTranslations('saves.plan')
  const isWhole = view.isComplete
  return (
    <Card>
      <EmptyState
        icon={isWhole ? 'ok' : 'unknown'}
        title={isWhole ? t('emptyTitle') : common('incompleteTitle')}
        actions={<LinkButton href={back.href}>{back.label}</LinkButton>}
      >
        {isWhole ? t('emptyText') : common('incompleteText')}
      </EmptyState>
    </Card>
  )
}

function Foot({ kind, view, mayApply, back, isPending }: Props & { isPending: boolean }) {
  const t = useTranslations(`saves.plan.${kind}`)
  const foot = useTranslations('plan.foot')
  const reason = () => {
    if (!view.isApplyable) return foot(view.refusals.length > 0 ? 'refused' : 'empty')
    return mayApply ? undefined : foot('viewer')
  }
  return (
    <div className="sticky bottom-0 z-10 -mx-6 mt-2 flex flex-wrap items-center gap-3 border-t bg-surface px-6 py-3 max-md:bottom-15 max-md:-mx-4 max-md:px-4">
      <p className="flex-1 text-muted text-sm max-sm:hidden">{foot('nothing')}</p>
      <LinkButton href={back.href} className="max-sm:hidden">
        {back.label}
      </LinkButton>
      <Button
        type="submit"
        variant={kind === 'uninstall' ? 'danger' : 'primary'}
        icon={kind === 'save' ? 'save' : kind === 'put-back' ? 'undo' : 'remove'}
        pending={isPending}
        disabledReason={reason()}
        className="max-sm:flex-1"
      >
        {t('apply', countsOf(view.steps))}
      </Button>
    </div>
  )
}

/** Files are what such a plan is about: they are open, but for a host with very many. */
const openAtFirst = (steps: SaveView['steps']): number[] =>
  steps.flatMap(({ diff }, position) => (diff === undefined ? [] : [position]))

/** A plan of files as read now, what changes in each, and the button that applies exactly this one. */
export function SaveScreen(props: Props) {
  const { kind, view, hidden } = props
  const open = useOpenSteps(openAtFirst(view.steps))
  const [sent, send, isPending] = useActionState<Sent | undefined, FormData>(
    async (_, data) => ({ result: await ACTIONS[kind](undefined, data), seen: view.steps }),
    undefined,
  )
  const failure = sent?.result.ok === false ? sent.result.failure : undefined
  const hasMoved = failure?.reason === 'plan-moved'
  const ticked = view.foreign.flatMap(({ ticks }) => ticks.filter(({ isOn }) => isOn))
  return (
    <form action={send} className="flex flex-col gap-4">
      {Object.entries({ ...hidden, fingerprint: view.fingerprint }).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {ticked.map(({ value }) => (
        <input key={value} type="hidden" name="include" value={value} />
      ))}
      {hasMoved && sent !== undefined && <PlanMoved seen={sent.seen} now={view.steps} />}
      {failure !== undefined && !hasMoved && <FailureBanner failure={failure} />}
      <Refusals refusals={view.refusals} hostNames={view.hostNames} />
      <Waiting waiting={view.waiting} />
      <SavePlanHead view={view} />
      {view.steps.length > 0 ? (
        <StepList steps={view.steps} open={open} />
      ) : (
        view.refusals.length === 0 && <Nothing {...props} />
      )}
      {kind === 'save' && <ForeignTicks foreign={view.foreign} />}
      <HostNotes notes={view.notes} />
      {view.steps.length > 0 && <Foot {...props} isPending={isPending} />}
    </form>
  )
}

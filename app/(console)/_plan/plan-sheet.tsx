'use client'

import { useTranslations } from 'next-intl'
import { type ReactNode, useActionState } from 'react'
import { FailureBanner } from '@/app/_components/failure-banner'
import { PlanMoved } from '@/app/_components/plan-moved'
import { Refusals, Waiting } from '@/app/_components/plan-warnings'
import { StepList, useOpenSteps } from '@/app/_components/step-list'
import type { Action, ActionResult } from '@/app/action-result'
import { isApplyable, isEmpty, isForbidden, type Step, standingRefusals } from '@/lib/lvs/plan'
import { Acceptances, useAccepted } from './acceptances'
import type { Explained } from './apply-or-explain'
import { PlanAsides } from './plan-asides'
import { PlanFoot, SkipChecks } from './plan-foot'
import { PlanHead } from './plan-head'
import { PlanScript } from './plan-script'
import type { PlanView } from './plan-view'
import { UndoChoice, useTimer } from './undo-choice'

type Props = {
  view: PlanView
  action: Action<Explained>
  /** What the action is about, beside the plan itself. */
  hidden: Readonly<Record<string, string | number | readonly string[]>>
  skipChecks: boolean
  mayApply: boolean
  /** Stands above the plan: what it comes from. */
  lead?: ReactNode
  /** Why it cannot be applied yet, beside what the plan says itself. */
  blocked?: string | undefined
  /** It means something without a step too: what its button says then. */
  emptyLabel?: string | undefined
  /** Stands where the steps would, if there were any. */
  nothing: ReactNode
  back: ReactNode
}

/** What came of Apply, and the steps that the person saw when it was pressed. */
type Sent = { result: ActionResult<Explained>; seen: readonly Step[] }

function useDisabledReason(
  { view, mayApply, blocked, emptyLabel }: Props,
  accepted: ReadonlySet<string>,
): string | undefined {
  const t = useTranslations('plan.foot')
  const { plan } = view
  if (isForbidden(plan)) return t('refused')
  const count = standingRefusals(plan, accepted).length
  if (!isApplyable(plan, accepted) && count === 0 && emptyLabel === undefined) return t('empty')
  if (!mayApply) return t('viewer')
  return count > 0 ? t('accept', { count }) : blocked
}

/** A plan as read now, and the button that applies exactly this one. */
export function PlanSheet(props: Props) {
  const { view, action, hidden, skipChecks, lead, emptyLabel, nothing, back } = props
  const { plan, fingerprint, version, readAt } = view
  const open = useOpenSteps()
  const [accepted, accept] = useAccepted()
  const disabledReason = useDisabledReason(props, accepted)
  const [timer, choose] = useTimer(view.undo)
  const [sent, send, isPending] = useActionState<Sent | undefined, FormData>(
    async (_, data) => ({ result: await action(undefined, data), seen: plan.steps }),
    undefined,
  )
  const result = sent?.result
  const asksFirst = skipChecks || plan.steps.some(({ kind }) => kind === 'check')
  const fields = { ...hidden, fingerprint, version, readAt }
  return (
    <form action={send} className="flex flex-col gap-4">
      {Object.entries(fields).flatMap(([name, value]) =>
        (typeof value === 'object' ? value : [value]).map((each) => (
          <input key={`${name} ${each}`} type="hidden" name={name} value={String(each)} />
        )),
      )}
      {skipChecks && <input type="hidden" name="skipChecks" value="on" />}
      {result?.ok === true && sent !== undefined && (
        <PlanMoved seen={sent.seen} now={plan.steps} moved={result.value.moved} />
      )}
      {result?.ok === false && <FailureBanner failure={result.failure} />}
      {lead}
      <Refusals refusals={plan.refusals} hostNames={view.hostNames} />
      <Acceptances
        refusals={plan.refusals}
        accepted={accepted}
        onAccept={props.mayApply ? accept : undefined}
      />
      <Waiting waiting={plan.waiting} />
      <PlanHead view={view} open={open} />
      {isEmpty(plan) ? (
        plan.refusals.length === 0 && nothing
      ) : (
        <StepList steps={plan.steps} open={open} />
      )}
      <PlanAsides view={view} />
      <UndoChoice undo={view.undo} timer={timer} choose={choose} />
      {!isEmpty(plan) && <PlanScript steps={plan.steps} />}
      {asksFirst && <SkipChecks isOn={skipChecks} />}
      {(!isEmpty(plan) || isApplyable(plan, accepted) || emptyLabel !== undefined) && (
        <PlanFoot
          steps={plan.steps.length}
          emptyLabel={isApplyable(plan, accepted) ? undefined : emptyLabel}
          timer={timer}
          disabledReason={disabledReason}
          isPending={isPending}
          back={back}
        />
      )}
    </form>
  )
}

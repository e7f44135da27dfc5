'use client'

import { useTranslations } from 'next-intl'
import { useActionState } from 'react'
import { FailureBanner } from '@/app/_components/failure-banner'
import { PlanMoved } from '@/app/_components/plan-moved'
import { Refusals, Waiting } from '@/app/_components/plan-warnings'
import { StepList, useOpenSteps } from '@/app/_components/step-list'
import { Card } from '@/app/_ui/card'
import { EmptyState } from '@/app/_ui/empty-state'
import { LinkButton } from '@/app/_ui/link-button'
import type { ActionResult } from '@/app/action-result'
import { paths } from '@/app/paths'
import { isApplyable, isComplete, isEmpty, type Step } from '@/lib/lvs/plan'
import { applyPlanAction } from './actions'
import { PlanAsides } from './plan-asides'
import { PlanFoot, SkipChecks } from './plan-foot'
import { PlanHead } from './plan-head'
import { PlanScript } from './plan-script'
import type { PlanView } from './plan-view'

type Props = PlanView & { clusterId: string; skipChecks: boolean; mayApply: boolean }

/** What came of Apply, and the steps that the person saw when it was pressed. */
type Sent = { result: ActionResult<unknown>; seen: readonly Step[]; fingerprint: string }

function useDisabledReason({ plan, mayApply }: Props): string | undefined {
  const t = useTranslations('plan.foot')
  if (isApplyable(plan)) return mayApply ? undefined : t('viewer')
  return t(plan.refusals.length > 0 ? 'refused' : 'empty')
}

function Nothing({ view, hosts }: { view: Props; hosts: number }) {
  const t = useTranslations('plan.empty')
  const complete = isComplete(view.plan)
  const words = () => {
    if (hosts === 0) return t('noneText')
    if (!complete) return t('incompleteText')
    return view.plan.bookkeeping.length > 0 ? t('ledgerText') : t('text', { hosts })
  }
  return (
    <Card>
      <EmptyState
        icon={complete ? 'ok' : 'unknown'}
        title={hosts === 0 ? t('noneTitle') : t(complete ? 'title' : 'incompleteTitle')}
        actions={
          hosts > 0 && (
            <LinkButton href={paths.cluster(view.clusterId)} icon="activity">
              {t('watch')}
            </LinkButton>
          )
        }
      >
        {words()}
      </EmptyState>
    </Card>
  )
}

/** The plan as read now, and the button that applies exactly this one. */
export function PlanScreen(view: Props) {
  const { plan, fingerprint, skipChecks, clusterId } = view
  const t = useTranslations('plan')
  const open = useOpenSteps()
  const disabledReason = useDisabledReason(view)
  const [sent, send, isPending] = useActionState<Sent | undefined, FormData>(
    async (_, data) => ({
      result: await applyPlanAction(undefined, data),
      seen: plan.steps,
      fingerprint,
    }),
    undefined,
  )
  const failure = sent?.result.ok === false ? sent.result.failure : undefined
  const hasMoved = failure?.reason === 'plan-moved'
  const asksFirst = skipChecks || plan.steps.some(({ kind }) => kind === 'check')
  return (
    <form action={send} className="flex flex-col gap-4">
      <input type="hidden" name="clusterId" value={clusterId} />
      <input type="hidden" name="fingerprint" value={fingerprint} />
      {skipChecks && <input type="hidden" name="skipChecks" value="on" />}
      {hasMoved && sent !== undefined && <PlanMoved seen={sent.seen} now={plan.steps} />}
      {failure !== undefined && !hasMoved && <FailureBanner failure={failure} />}
      <Refusals refusals={plan.refusals} hostNames={view.hostNames} />
      <Waiting waiting={plan.waiting} />
      <PlanHead view={view} open={open} />
      {isEmpty(plan) ? (
        plan.refusals.length === 0 && (
          <Nothing view={view} hosts={Object.keys(view.hostNames).length} />
        )
      ) : (
        <StepList steps={plan.steps} open={open} />
      )}
      <PlanAsides view={view} />
      {!isEmpty(plan) && <PlanScript steps={plan.steps} />}
      {asksFirst && <SkipChecks isOn={skipChecks} />}
      {(!isEmpty(plan) || isApplyable(plan)) && (
        <PlanFoot
          steps={plan.steps.length}
          disabledReason={disabledReason}
          isPending={isPending}
          back={<LinkButton href={paths.cluster(clusterId)}>{t('foot.back')}</LinkButton>}
        />
      )}
    </form>
  )
}

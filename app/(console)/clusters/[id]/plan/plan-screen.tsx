'use client'

import { useTranslations } from 'next-intl'
import { Card } from '@/app/_ui/card'
import { EmptyState } from '@/app/_ui/empty-state'
import { LinkButton } from '@/app/_ui/link-button'
import { PlanSheet } from '@/app/(console)/_plan/plan-sheet'
import type { PlanView } from '@/app/(console)/_plan/plan-view'
import { paths } from '@/app/paths'
import { isComplete } from '@/lib/lvs/plan'
import { applyPlanAction } from './actions'

type Props = { view: PlanView; clusterId: string; skipChecks: boolean; mayApply: boolean }

function Nothing({ view, clusterId }: Pick<Props, 'view' | 'clusterId'>) {
  const t = useTranslations('plan.empty')
  const hosts = Object.keys(view.hostNames).length
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
            <LinkButton href={paths.cluster(clusterId)} icon="activity">
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

/** A cluster's plan as read now, and the button that applies exactly this one. */
export function PlanScreen({ view, clusterId, skipChecks, mayApply }: Props) {
  const t = useTranslations('plan')
  return (
    <PlanSheet
      view={view}
      action={applyPlanAction}
      hidden={{ clusterId }}
      skipChecks={skipChecks}
      mayApply={mayApply}
      nothing={<Nothing view={view} clusterId={clusterId} />}
      back={<LinkButton href={paths.cluster(clusterId)}>{t('foot.back')}</LinkButton>}
    />
  )
}

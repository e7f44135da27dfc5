'use client'

import { useTranslations } from 'next-intl'
import { Card } from '@/app/_ui/card'
import { EmptyState } from '@/app/_ui/empty-state'
import { LinkButton } from '@/app/_ui/link-button'
import { PlanSheet } from '@/app/(console)/_plan/plan-sheet'
import type { PlanView } from '@/app/(console)/_plan/plan-view'
import { paths } from '@/app/paths'
import { openConflicts, type RevertChange, type RevertChoices } from '@/lib/lvs/revert-items'
import { revertApplyAction } from './actions'
import { formatChoices } from './choices'
import { RevertChanges } from './revert-changes'

type Props = {
  applyId: string
  clusterId: string
  view: PlanView
  changes: readonly RevertChange[]
  choices: RevertChoices
  /** What is desired becomes another one by it. */
  changesDesired: boolean
  skipChecks: boolean
  mayApply: boolean
}

/** The plan of taking an apply back as read now, and the button that applies exactly this one. */
export function RevertScreen(props: Props) {
  const { applyId, clusterId, view, changes, choices, changesDesired } = props
  const t = useTranslations('revert')
  const open = openConflicts(changes).length
  const hasConflicts = changes.some(({ state }) => state === 'conflict')
  const empty = changesDesired ? 'desired' : hasConflicts ? 'undecided' : 'text'
  return (
    <PlanSheet
      view={view}
      action={revertApplyAction}
      hidden={{ applyId, clusterId, ...formatChoices(choices) }}
      skipChecks={props.skipChecks}
      mayApply={props.mayApply}
      lead={<RevertChanges changes={changes} />}
      blocked={open > 0 ? t('undecided', { count: open }) : undefined}
      emptyLabel={changesDesired ? t('applyDesired') : undefined}
      nothing={
        <Card>
          <EmptyState icon="ok" title={t('empty.title')}>
            {t(`empty.${empty}`)}
          </EmptyState>
        </Card>
      }
      back={<LinkButton href={paths.apply(applyId)}>{t('toApply')}</LinkButton>}
    />
  )
}

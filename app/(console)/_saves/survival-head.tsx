import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Age } from '@/app/_ui/age'
import { LinkButton } from '@/app/_ui/link-button'
import { paths, type Subject } from '@/app/paths'
import type { HostSurvival } from '@/lib/ops/check-saved'
import { OnlyDifferences } from './only-differences'
import { SaveButton } from './save-button'
import { ReadAgain } from './save-plan-head'

/** Saving would change something: what is lost is put into files, what comes back is taken out. */
const isWanted = (read: HostSurvival): boolean => {
  if (read.survival === undefined) return false
  const { rows, state } = read.survival
  const differs = rows.some((row) => row.state !== 'same' && row.state !== 'unapplied')
  const isUnread = state === 'lost' && rows.every((row) => row.state === 'same')
  return differs || isUnread || read.check.changed !== undefined
}

export const isWanting = (hosts: readonly HostSurvival[]): boolean => hosts.some(isWanted)

/** How many hosts would come back as desired, in one sentence. */
async function Headline({ hosts }: { hosts: readonly HostSurvival[] }) {
  const t = await getTranslations('saves.headline')
  const states = hosts.map(({ survival }) => survival?.state ?? 'unknown')
  const count = (...names: string[]) => states.filter((state) => names.includes(state)).length
  const total = hosts.length - count('nothing')
  if (total === 0) return t('nothing')
  if (count('survives') === total) return t('all', { total })
  if (count('lost') === 0 && count('unknown') === 0)
    return t('doubtful', { count: count('doubtful'), total })
  return t('some', { count: count('survives', 'doubtful'), total, unknown: count('unknown') })
}

/** Buttons of everything that can be done with what is saved. */
export async function SavedActions({
  scope,
  mayChange,
  save,
  isUrgent = true,
}: {
  scope: Subject
  mayChange: boolean
  /** How the button is named; absent where it has nothing to do. */
  save?: 'save' | 'now' | undefined
  /** Saving is the one thing to do here. */
  isUrgent?: boolean
}) {
  const t = await getTranslations('saves')
  return (
    <div className="flex flex-wrap gap-2">
      {save !== undefined && (
        <SaveButton
          scope={scope}
          mayChange={mayChange}
          variant={isUrgent ? 'primary' : 'secondary'}
          label={save}
        />
      )}
      <LinkButton href={paths.savePlan(scope)} icon="plan">
        {t('review')}
      </LinkButton>
      <LinkButton href={paths.saves(scope)} icon="history">
        {t('history.link')}
      </LinkButton>
    </div>
  )
}

/** The verdict over all hosts, how old it is, and what can be done. */
export async function SurvivalHead({
  hosts,
  readAt,
  readMs,
  actions,
}: {
  hosts: readonly HostSurvival[]
  readAt: Date
  readMs: number
  actions: ReactNode
}) {
  const plan = await getTranslations('plan')
  const hasRows = hosts.some(({ survival }) => survival !== undefined && survival.rows.length > 0)
  return (
    <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
      <div className="min-w-0 flex-1 basis-72">
        <h2 className="text-pretty font-strong text-lg">
          <Headline hosts={hosts} />
        </h2>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted text-sm">
          <span>{plan.rich('read', { age: () => <Age at={readAt.getTime()} />, ms: readMs })}</span>
          <ReadAgain />
          {hasRows && <OnlyDifferences />}
        </div>
      </div>
      {actions}
    </div>
  )
}

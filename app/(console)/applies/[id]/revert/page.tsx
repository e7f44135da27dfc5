import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Suspense } from 'react'
import { FailureBanner } from '@/app/_components/failure-banner'
import { Age } from '@/app/_ui/age'
import { LinkButton } from '@/app/_ui/link-button'
import { PageHead } from '@/app/_ui/page-head'
import { PlanReading } from '@/app/(console)/_plan/plan-reading'
import { toPlanView } from '@/app/(console)/_plan/plan-view'
import { readUndo } from '@/app/(console)/_plan/read-undo'
import { orNotFound } from '@/app/or-not-found'
import { paths } from '@/app/paths'
import type { SearchParams } from '@/app/search-params'
import { requireSession } from '@/app/session'
import { reaches } from '@/lib/auth/roles'
import { getApply } from '@/lib/db/applies'
import { Conflict } from '@/lib/errors'
import { sameDesired } from '@/lib/lvs/revert'
import type { RevertChoices } from '@/lib/lvs/revert-items'
import { planRevert } from '@/lib/ops/revert-apply'
import { parseChoices } from './choices'
import { RevertScreen } from './revert-screen'

type Props = { params: Promise<{ id: string }>; searchParams: SearchParams }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireSession()
  const { subject } = await orNotFound(getApply((await params).id))
  return { title: (await getTranslations('revert'))('metaTitle', { name: subject.name }) }
}

type PlanProps = {
  applyId: string
  choices: RevertChoices
  skipChecks: boolean
  mayApply: boolean
}

/** Reads the hosts for the plan; why there is none is a page of its own kind, not an error. */
async function Plan({ applyId, choices, skipChecks, mayApply }: PlanProps) {
  const t = await getTranslations('revert')
  const found = await planRevert(applyId, { choices, skipChecks }).catch((error: unknown) => {
    if (error instanceof Conflict) return error
    throw error
  })
  if (found instanceof Conflict) {
    const back = <LinkButton href={paths.apply(applyId)}>{t('toApply')}</LinkButton>
    return <FailureBanner failure={found.toFailure()} actions={back} urgent={false} />
  }
  const { planned, revert, changes } = found
  const undo = await readUndo(revert.now.id, planned.plan)
  return (
    <RevertScreen
      applyId={applyId}
      clusterId={revert.now.id}
      view={{ ...toPlanView(planned, undo), version: revert.version }}
      changes={changes}
      choices={choices}
      changesDesired={!sameDesired(revert.now, revert.desired)}
      skipChecks={skipChecks}
      mayApply={mayApply}
    />
  )
}

/** What taking an apply back would do: what becomes desired, and every command, before anything has happened. */
export default async function RevertPage({ params, searchParams }: Props) {
  const { user } = await requireSession()
  const { id, subject, kind, startedAt, startedBy, plan } = await orNotFound(
    getApply((await params).id),
  )
  const { checks, keep, back } = await searchParams
  const t = await getTranslations('revert')
  const kinds = await getTranslations('apply.kind')
  return (
    <>
      <PageHead
        parent={{ href: paths.apply(id), label: t('parent') }}
        title={t('title', { name: subject.name })}
        state={
          <span>
            {t.rich('of', {
              ...{ kind: kinds(kind), name: startedBy.name },
              age: () => <Age at={startedAt.getTime()} />,
            })}
          </span>
        }
      />
      <Suspense
        fallback={<PlanReading hosts={new Set(plan.steps.map(({ hostId }) => hostId)).size} />}
      >
        <Plan
          applyId={id}
          choices={parseChoices({ keep, back })}
          skipChecks={checks === 'skip'}
          mayApply={reaches(user.role, 'operator')}
        />
      </Suspense>
    </>
  )
}

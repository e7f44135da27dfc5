import { useTranslations } from 'next-intl'
import { isFileKind } from '@/app/_components/apply-state'
import { StepTitle } from '@/app/_components/step-title'
import { Banner } from '@/app/_ui/banner'
import type { IconName } from '@/app/_ui/icon'
import { LinkButton } from '@/app/_ui/link-button'
import type { Tone } from '@/app/_ui/tone'
import { paths } from '@/app/paths'
import type { Recovered, Recovery } from '@/lib/lvs/recovery'
import { Cause } from './apply-outcome'
import type { ApplySnapshot } from './apply-snapshot'
import { FinishOrGoBack } from './revert-offer'

const LOOK: Record<Recovery['state'], { tone: Tone; icon: IconName }> = {
  applied: { tone: 'ok', icon: 'ok' },
  'not-applied': { tone: 'info', icon: 'info' },
  partial: { tone: 'warn', icon: 'warn' },
  unread: { tone: 'unknown', icon: 'unknown' },
}

/** The steps that are not as they were to be, each with what its host says. */
function Difference({ apply, recovery }: { apply: ApplySnapshot; recovery: Recovery }) {
  const t = useTranslations('apply.recovery')
  const wordOf = ({ state, now }: Recovered) =>
    state === 'done' ? '' : t(`state.${state}`, { now: now ?? t('absent') })
  const open = recovery.steps.filter(({ state }) => state !== 'done')
  return (
    <ul className="mt-2 grid gap-1">
      {open.map((each) => {
        const step = apply.steps.find((known) => known.step.id === each.step)?.step
        if (step === undefined) return null
        return (
          <li key={each.step}>
            <span className="font-strong">{step.hostName}</span> · <StepTitle step={step} />{' '}
            <span className="text-muted">— {wordOf(each)}</span>
          </li>
        )
      })}
    </ul>
  )
}

/** What an apply came to that nobody saw to its end, as its hosts said afterwards. */
export function RecoveryOutcome({ apply, recovery }: { apply: ApplySnapshot; recovery: Recovery }) {
  const t = useTranslations('apply')
  const { state, steps } = recovery
  const done = steps.filter((each) => each.state === 'done').length
  return (
    <Banner
      {...LOOK[state]}
      title={t(`recovery.${state}.what`, { done, count: steps.length })}
      actions={
        <>
          <LinkButton href={paths.subject(apply.subject)} icon="activity">
            {t('openCluster')}
          </LinkButton>
          {state !== 'applied' && apply.kind === 'save' && (
            <LinkButton href={paths.savePlan(apply.subject)} variant="primary" icon="plan">
              {t('newPlan')}
            </LinkButton>
          )}
          {state !== 'applied' && !isFileKind(apply.kind) && <FinishOrGoBack apply={apply} />}
        </>
      }
    >
      <p>{t(`recovery.${state}.todo`)}</p>
      <Cause apply={apply} />
      {(state === 'partial' || state === 'unread') && (
        <Difference apply={apply} recovery={recovery} />
      )}
    </Banner>
  )
}

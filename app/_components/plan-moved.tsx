import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Age } from '@/app/_ui/age'
import { Banner } from '@/app/_ui/banner'
import { TextLink } from '@/app/_ui/text-link'
import { paths } from '@/app/paths'
import { useChangeWords } from './change-words'
import type { MovedView } from './moved-view'
import { movedSteps } from './plan-groups'
import { StepSign, StepTitle } from './step-title'
import type { StepView } from './step-view'

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mt-2">
      <p className="text-muted">{title}</p>
      <ul className="mt-1 grid gap-1">{children}</ul>
    </div>
  )
}

function Steps({ title, steps }: { title: string; steps: readonly StepView[] }) {
  if (steps.length === 0) return null
  return (
    <Part title={title}>
      {steps.map((step) => (
        <li key={step.id} className="flex items-start gap-2">
          <StepSign change={step.change} />
          <span className="min-w-0">
            {step.hostName} · <StepTitle step={step} />
          </span>
        </li>
      ))}
    </Part>
  )
}

/** Who changed what is desired since, and who applied something: the newest first, with a link to the apply. */
function Who({ moved: { desired, applies } }: { moved: MovedView }) {
  const t = useTranslations('plan.moved')
  const kind = useTranslations('apply.kind')
  const words = useChangeWords()
  return (
    <>
      {desired.length > 0 && (
        <Part title={t('desired')}>
          {desired.map(({ id, who, action, what, at }) => (
            <li key={id}>
              <span className="font-strong">{who}</span> · {words(action, what)} · <Age at={at} />
            </li>
          ))}
        </Part>
      )}
      {applies.length > 0 && (
        <Part title={t('applied')}>
          {applies.map(({ id, who, at, ...apply }) => (
            <li key={id}>
              <span className="font-strong">{who}</span> ·{' '}
              <TextLink href={paths.apply(id)}>{kind(apply.kind)}</TextLink> · <Age at={at} />
            </li>
          ))}
        </Part>
      )}
      {desired.length + applies.length === 0 && <p>{t('byOthers')}</p>}
    </>
  )
}

/** Nothing was applied, because the plan is not the one that was approved: what is different, and who made it so. */
export function PlanMoved({
  seen,
  now,
  moved,
}: {
  seen: readonly StepView[]
  now: readonly StepView[]
  moved?: MovedView
}) {
  const t = useTranslations('plan.moved')
  const { gone, added } = movedSteps(seen, now)
  return (
    <Banner tone="warn" title={t('title')} urgent>
      <p>{t('text')}</p>
      {moved !== undefined && <Who moved={moved} />}
      <Steps title={t('added')} steps={added} />
      <Steps title={t('gone')} steps={gone} />
      {gone.length + added.length === 0 && <p className="mt-2">{t('same')}</p>}
    </Banner>
  )
}

import { useTranslations } from 'next-intl'
import { Banner } from '@/app/_ui/banner'
import { movedSteps } from './plan-groups'
import { StepSign, StepTitle } from './step-title'
import type { StepView } from './step-view'

function Steps({ title, steps }: { title: string; steps: readonly StepView[] }) {
  if (steps.length === 0) return null
  return (
    <div className="mt-2">
      <p className="text-muted">{title}</p>
      <ul className="mt-1 grid gap-1">
        {steps.map((step) => (
          <li key={step.id} className="flex items-start gap-2">
            <StepSign change={step.change} />
            <span className="min-w-0">
              {step.hostName} · <StepTitle step={step} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Nothing was applied, because the plan is not the one that was approved: what is different. */
export function PlanMoved({ seen, now }: { seen: readonly StepView[]; now: readonly StepView[] }) {
  const t = useTranslations('plan.moved')
  const { gone, added } = movedSteps(seen, now)
  return (
    <Banner tone="warn" title={t('title')} urgent>
      <p>{t('text')}</p>
      <Steps title={t('added')} steps={added} />
      <Steps title={t('gone')} steps={gone} />
      {gone.length + added.length === 0 && <p>{t('same')}</p>}
    </Banner>
  )
}

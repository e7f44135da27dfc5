import { useTranslations } from 'next-intl'
import { movedSteps } from '@/app/_components/plan-groups'
import { StepSign, StepTitle } from '@/app/_components/step-title'
import { Banner } from '@/app/_ui/banner'
import type { Step } from '@/lib/lvs/plan'

function Steps({ title, steps }: { title: string; steps: readonly Step[] }) {
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
export function PlanMoved({ seen, now }: { seen: readonly Step[]; now: readonly Step[] }) {
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

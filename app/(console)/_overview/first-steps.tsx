import { useTranslations } from 'next-intl'
import { Card } from '@/app/_ui/card'
import { cx } from '@/app/_ui/cx'
import { Icon } from '@/app/_ui/icon'
import { LinkButton } from '@/app/_ui/link-button'
import { paths } from '@/app/paths'

/** A director and one real server make a cluster. */
const ENOUGH_HOSTS = 2

type Step = {
  title: string
  text: string
  isDone: boolean
  href: string
  action: string
}

function StepRow({ step, place, isNext }: { step: Step; place: number; isNext: boolean }) {
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-3 px-4 py-4">
      <span
        className={cx(
          'flex size-6 shrink-0 items-center justify-center rounded-full border text-sm',
          step.isDone && 'border-ok text-ok',
          isNext && 'border-accent bg-accent font-strong text-on-accent',
          !step.isDone && !isNext && 'text-muted',
        )}
      >
        {step.isDone ? <Icon name="check" size={14} /> : place}
      </span>
      <div className="min-w-0 flex-1 basis-64">
        <p className={cx('font-strong', !isNext && 'text-muted')}>{step.title}</p>
        <p className="max-w-[64ch] text-pretty text-muted text-sm">{step.text}</p>
      </div>
      {isNext && (
        <LinkButton href={step.href} variant="primary">
          {step.action}
        </LinkButton>
      )}
    </li>
  )
}

/** The way to the first cluster that runs: what is done, and the one next step. */
export function FirstSteps({ hosts, clusterId }: { hosts: number; clusterId: string | undefined }) {
  const t = useTranslations('overview.first')
  const steps: Step[] = [
    {
      title: t('hosts'),
      text: hosts > 0 ? t('hostsDone', { count: hosts }) : t('hostsText'),
      isDone: hosts >= ENOUGH_HOSTS,
      href: paths.hostNew,
      action: t('hostsAction'),
    },
    {
      title: t('cluster'),
      text: t('clusterText'),
      isDone: clusterId !== undefined,
      href: paths.clusterNew,
      action: t('clusterAction'),
    },
    {
      title: t('apply'),
      text: t('applyText'),
      isDone: false,
      href: clusterId === undefined ? paths.clusters : paths.clusterPlan(clusterId),
      action: t('applyAction'),
    },
  ]
  const next = steps.findIndex((step) => !step.isDone)
  return (
    <Card id="first-steps" title={t('title')} padded={false}>
      <ol className="divide-y">
        {steps.map((step, index) => (
          <StepRow key={step.title} step={step} place={index + 1} isNext={index === next} />
        ))}
      </ol>
    </Card>
  )
}

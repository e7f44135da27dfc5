import { useTranslations } from 'next-intl'
import type { StepProgress } from '@/app/_components/step-progress'
import { Icon } from '@/app/_ui/icon'
import type { HeardPhase } from './apply-snapshot'

/** Stays in sight while it goes on: which phase, how far, and that the browser is not needed for it. */
export function ApplyProgress({
  progress,
  phase,
}: {
  progress: ReadonlyMap<number, StepProgress>
  phase: HeardPhase
}) {
  const t = useTranslations('apply')
  const total = progress.size
  const done = [...progress.values()].filter(
    ({ state }) => state !== 'waiting' && state !== 'running',
  ).length
  return (
    <div
      role="status"
      className="sticky bottom-0 z-10 -mx-6 border-t bg-surface px-6 py-3 max-md:bottom-15 max-md:-mx-4 max-md:px-4"
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
        <span className="flex items-center gap-2 font-strong">
          <Icon name="running" className="text-info" />
          {t(`phase.${phase}`)}
        </span>
        <span className="font-mono">{t('progress.count', { done, total })}</span>
        <span className="flex-1" />
        <span className="text-muted">{t('progress.goesOn')}</span>
      </div>
      <progress
        aria-label={t('progress.label')}
        max={total}
        value={done}
        className="mt-2 block h-1 w-full appearance-none overflow-hidden rounded-full bg-sunken [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-hover [&::-webkit-progress-value]:bg-accent [&::-webkit-progress-value]:transition-all"
      />
    </div>
  )
}

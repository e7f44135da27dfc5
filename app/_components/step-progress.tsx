'use client'

import { useTranslations } from 'next-intl'
import type { IconName } from '@/app/_ui/icon'
import { State } from '@/app/_ui/state'
import type { Tone } from '@/app/_ui/tone'

/** How far one step of an apply is, and what it printed. */
export type StepProgress = {
  state: 'waiting' | 'running' | 'done' | 'failed' | 'skipped' | 'unknown'
  exit?: number | undefined
  stdout?: string | undefined
  stderr?: string | undefined
  ms?: number | undefined
}

const LOOK: Record<StepProgress['state'], { tone: Tone; icon: IconName }> = {
  waiting: { tone: 'neutral', icon: 'waiting' },
  running: { tone: 'info', icon: 'running' },
  done: { tone: 'ok', icon: 'ok' },
  failed: { tone: 'bad', icon: 'bad' },
  skipped: { tone: 'neutral', icon: 'skipped' },
  unknown: { tone: 'unknown', icon: 'unknown' },
}

/** Measured by when its marks arrive, and two can come in one packet: below this a figure would be made up. */
const SHORTEST_MS = 10

/** The state of a step with the time that it took. */
export function StepState({ progress, mayFail }: { progress: StepProgress; mayFail: boolean }) {
  const t = useTranslations('apply.step')
  const { state, ms, exit } = progress
  // The journal calls it done, because the plan went on.
  const isHarmless = mayFail && state === 'done' && exit !== undefined && exit !== 0
  const { tone, icon } = isHarmless ? { tone: 'warn' as const, icon: 'warn' as const } : LOOK[state]
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      {ms !== undefined && (
        <span className="font-mono text-muted text-xs">
          {ms < SHORTEST_MS ? t('instant', { ms: SHORTEST_MS }) : t('milliseconds', { ms })}
        </span>
      )}
      <State tone={tone} icon={icon} quiet>
        {t(isHarmless ? 'harmless' : state)}
      </State>
    </span>
  )
}

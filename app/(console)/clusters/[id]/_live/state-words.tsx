'use client'

import { useTranslations } from 'next-intl'
import { memo } from 'react'
import { Countdown } from '@/app/_ui/countdown'
import { State } from '@/app/_ui/state'
import { Tooltip } from '@/app/_ui/tooltip'
import { type RealServerView, type RowState, STATE_LOOK } from './real-server-view'
import { useFigures } from './use-figures'

type Props = {
  state: RowState
  /** Only of a drain: when it ends at the latest, and what is left; absent = not known. */
  deadlineAt?: number
  left?: number
}

/** Takes from a row what its state is said with: nothing that changes with every reading, unless it is draining. */
export function stateOf({ state, drain, active }: RealServerView): Props {
  if (state !== 'draining' || drain === undefined) return { state }
  return { state, deadlineAt: drain.deadlineAt, ...(active !== undefined && { left: active }) }
}

/** What a real server is doing, in a word; draining with what is left: "draining 3 · 00:42". */
export const StateWords = memo(function StateWords({ state, deadlineAt, left }: Props) {
  const t = useTranslations('live')
  const figures = useFigures()
  const { tone, icon } = STATE_LOOK[state]
  return (
    <Tooltip text={t(`rowStateWhy.${state}`)}>
      <span>
        <State tone={tone} icon={icon} quiet>
          {t(`rowState.${state}`)}
          {deadlineAt !== undefined && (
            <span className="font-mono">
              {left === undefined ? '—' : figures.count(left)} · <Countdown to={deadlineAt} />
            </span>
          )}
        </State>
      </span>
    </Tooltip>
  )
})

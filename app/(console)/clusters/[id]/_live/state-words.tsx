'use client'

import { useTranslations } from 'next-intl'
import { Countdown } from '@/app/_ui/countdown'
import { State } from '@/app/_ui/state'
import { Tooltip } from '@/app/_ui/tooltip'
import { type RealServerView, STATE_LOOK } from './real-server-view'
import { useFigures } from './use-figures'

/** What a real server is doing, in a word; draining with what is left: "draining 3 · 00:42". */
export function StateWords({ row }: { row: RealServerView }) {
  const t = useTranslations('live')
  const figures = useFigures()
  const { tone, icon } = STATE_LOOK[row.state]
  return (
    <Tooltip text={t(`rowStateWhy.${row.state}`)}>
      <span>
        <State tone={tone} icon={icon} quiet>
          {t(`rowState.${row.state}`)}
          {row.state === 'draining' && row.drain !== undefined && (
            <span className="font-mono">
              {row.active === undefined ? '—' : figures.count(row.active)} ·{' '}
              <Countdown to={row.drain.deadlineAt} />
            </span>
          )}
        </State>
      </span>
    </Tooltip>
  )
}

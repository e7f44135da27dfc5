'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Banner } from '@/app/_ui/banner'
import { useList } from '@/app/_ui/use-format'
import { UNDO_SECONDS } from '@/lib/lvs/policy-form'
import type { PlanView } from './plan-view'

const CONTROL = 'rounded-control border bg-surface px-2 py-1 text-sm'

/** Whether the hosts get a timer; the foot of the plan tells it too. */
type Timer = 'with' | 'without'
type Choose = (timer: Timer) => void

/** Which of the two a person has chosen; absent where no step can cut a path. */
export function useTimer(undo: PlanView['undo']): [Timer | undefined, Choose] {
  const [timer, choose] = useState<Timer>('with')
  return [undo === undefined ? undefined : timer, choose]
}

/** That the hosts take it back unless it is confirmed, and how it is to be for this one apply. */
export function UndoChoice(props: {
  undo: PlanView['undo']
  timer: Timer | undefined
  choose: Choose
}) {
  const { undo, timer, choose } = props
  if (undo === undefined || timer === undefined) return null
  return <Choice undo={undo} timer={timer} choose={choose} />
}

type Props = { undo: NonNullable<PlanView['undo']>; timer: Timer; choose: Choose }

function Choice({ undo, timer, choose }: Props) {
  const t = useTranslations('undo.plan')
  const list = useList()
  const values = { risky: undo.risky, seconds: undo.seconds, hosts: list(undo.hosts) }
  const isWith = timer === 'with'
  return (
    <Banner
      id="undo"
      tone={isWith ? 'info' : 'warn'}
      icon="undo"
      title={t(isWith ? 'title' : 'without', values)}
    >
      <p>{t(isWith ? 'text' : 'withoutText', values)}</p>
      <div className="mt-3 flex flex-wrap items-center gap-x-5 gap-y-2">
        <label className="flex items-center gap-2">
          {t('timer')}
          <select
            name="undoTimer"
            value={timer}
            onChange={({ target }) => choose(target.value === 'without' ? 'without' : 'with')}
            className={CONTROL}
          >
            <option value="with">{t('with')}</option>
            <option value="without">{t('no')}</option>
          </select>
        </label>
        {isWith && (
          <>
            <label className="flex items-center gap-2">
              {t('seconds')}
              <input
                type="number"
                name="undoSeconds"
                {...UNDO_SECONDS}
                required
                defaultValue={undo.seconds}
                className={`${CONTROL} w-20 font-mono`}
              />
            </label>
            <label className="flex items-center gap-2">
              {t('confirmBy')}
              <select name="confirmBy" defaultValue={undo.confirmBy} className={CONTROL}>
                <option value="server">{t('server')}</option>
                <option value="person">{t('person')}</option>
              </select>
            </label>
          </>
        )}
      </div>
    </Banner>
  )
}

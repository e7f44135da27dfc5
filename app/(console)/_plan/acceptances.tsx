'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useReasonText } from '@/app/_components/reason-words'
import { Banner } from '@/app/_ui/banner'
import type { Refusal } from '@/lib/lvs/plan'

type Accept = (override: string, isAccepted: boolean) => void

/** What was ticked; of a plan that is read again what it still holds counts, whatever else was ticked before. */
export function useAccepted(): [ReadonlySet<string>, Accept] {
  const [accepted, setAccepted] = useState<ReadonlySet<string>>(new Set())
  return [
    accepted,
    (override, isAccepted) =>
      setAccepted((before) => {
        const others = [...before].filter((each) => each !== override)
        return new Set(isAccepted ? [...others, override] : others)
      }),
  ]
}

/** What the plan does only when a person says so: each with its consequence, and a tick. */
export function Acceptances({
  refusals,
  accepted,
  onAccept,
}: {
  refusals: readonly Refusal[]
  accepted: ReadonlySet<string>
  /** Absent for who may not apply: consequences are read, not ticked. */
  onAccept: Accept | undefined
}) {
  const t = useTranslations('plan.accept')
  const text = useReasonText()
  return refusals.map(({ override, why }) => {
    if (override === undefined) return null
    const { what, todo } = text(why)
    const isOn = accepted.has(override)
    return (
      <Banner key={override} tone={isOn ? 'neutral' : 'warn'} icon="warn" title={what}>
        {todo !== undefined && <p>{todo}</p>}
        {onAccept !== undefined && (
          <label className="mt-2 flex items-start gap-2.5 pointer-coarse:min-h-11">
            <input
              type="checkbox"
              name="overrides"
              value={override}
              checked={isOn}
              onChange={({ target }) => onAccept(override, target.checked)}
              className="mt-0.5 size-4 shrink-0 accent-accent"
            />
            <span className="font-strong">{t('label', { what })}</span>
          </label>
        )}
      </Banner>
    )
  })
}

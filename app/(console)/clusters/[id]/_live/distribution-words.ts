'use client'

import { useLocale, useTranslations } from 'next-intl'
import type { Tone } from '@/app/_ui/tone'
import type { Distribution } from '@/lib/lvs/distribution'
import { isScheduler, SCHEDULERS } from '@/lib/lvs/scheduler'
import { useFigures } from './use-figures'

/** `neutral` of a verdict is no lack of a state: there is nothing to judge yet, or nothing promised. */
const TONES: Record<Distribution['tone'], Tone> = { good: 'ok', bad: 'warn', neutral: 'info' }

/** Verdicts that say why nothing is known. */
const UNKNOWN = new Set(['distribution.waiting', 'distribution.too-few', 'distribution.denied'])

type Key<T> = T extends (key: infer K, ...rest: never[]) => unknown ? K : never

/** Gives the function that says a verdict: in short, and what it rests on. */
export function useVerdict() {
  const t = useTranslations('live')
  // The order of the table and the bars beside it; the kernel lists the newest entry first.
  const order = new Intl.Collator(useLocale(), { numeric: true })
  const { percents } = useFigures()
  return ({ verdict, shares, tone }: Distribution, nameOf: (id: string) => string) => {
    const code = verdict.code.replace(/^distribution\./, '')
    // Who is promised nothing and got nothing is quiesced: no part of the sentence.
    const byName = [...shares].sort((a, b) => order.compare(nameOf(a.name), nameOf(b.name)))
    const known = byName.flatMap(({ share, promised }) =>
      share === undefined || (share === 0 && promised === 0) ? [] : [share],
    )
    const { realServer } = verdict.values
    const values = {
      ...verdict.values,
      shares: percents(known),
      ...(realServer !== undefined && { realServer: nameOf(String(realServer)) }),
    }
    // Codes come from values, so the compiler cannot know the keys.
    const say = (part: 'distribution' | 'distributionWhy') => {
      const key = `${part}.${code}` as Key<typeof t>
      return t.has(key) ? t(key, values) : verdict.code
    }
    return {
      tone: UNKNOWN.has(verdict.code) ? ('unknown' as const) : TONES[tone],
      short: say('distribution'),
      why: say('distributionWhy'),
    }
  }
}

/** Gives the function that says what a scheduler promises. */
export function usePromise() {
  const t = useTranslations('live.shares.promise')
  return (scheduler: string) => {
    const promise = isScheduler(scheduler) ? SCHEDULERS[scheduler].promises : 'none'
    return t(promise, { scheduler })
  }
}

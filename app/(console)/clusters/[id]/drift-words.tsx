'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useEffect, useEffectEvent, useState } from 'react'
import type { DriftState } from '@/app/_components/read-drift'
import { Age } from '@/app/_ui/age'
import { State } from '@/app/_ui/state'
import { paths } from '@/app/paths'

/** Hosts are read every 10 s at most: more often would say nothing new. */
const ASK_MS = 10_000

/** What drifted of a cluster: asked for as long as the page is open and looked at, without reading the page again. */
export function DriftWords({
  clusterId,
  known,
}: {
  clusterId: string
  known: DriftState | undefined
}) {
  const t = useTranslations('drift')
  const [news, setNews] = useState<{ of: DriftState | undefined; is: DriftState | undefined }>()
  const ask = useEffectEvent(async () => {
    if (document.visibilityState !== 'visible') return
    const response = await fetch(paths.driftState(clusterId)).catch(() => undefined)
    if (response?.ok !== true) return // the next one may say more
    const said = (await response.json()) as Partial<DriftState>
    const is =
      said.count === undefined || said.since === undefined
        ? undefined
        : { count: said.count, since: said.since }
    setNews({ of: known, is })
  })
  useEffect(() => {
    const timer = setInterval(() => void ask(), ASK_MS)
    return () => clearInterval(timer)
  }, [])
  // a page that was read since says more than what was asked before
  const state = news !== undefined && news.of === known ? news.is : known
  if (state === undefined) return null
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-1.5">
      <Link href={paths.cluster(clusterId, 'drift')} className="rounded-chip hover:underline">
        <State tone="warn">{t('state', { count: state.count })}</State>
      </Link>
      <span>{t.rich('since', { age: () => <Age at={state.since} /> })}</span>
    </span>
  )
}

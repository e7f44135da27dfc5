'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useReducer } from 'react'
import type { StepProgress } from '@/app/_components/step-progress'
import { paths } from '@/app/paths'
import type { HeardEvent, HeardPhase } from './apply-snapshot'

/** What has been heard since the page was drawn: newer than the journal, which learns of a batch at its end. */
export type Heard = { phase: HeardPhase; steps: ReadonlyMap<number, StepProgress> }

const NOTHING: Heard = { phase: 'applying', steps: new Map() }

function hear(heard: Heard, events: readonly HeardEvent[]): Heard {
  const steps = new Map(heard.steps)
  let { phase } = heard
  for (const event of events) {
    if (event.kind === 'phase') phase = event.phase
    if (event.kind !== 'step') continue
    const { position, kind: _, ...progress } = event
    steps.set(position, progress)
  }
  return { phase, steps }
}

/** Long enough for the last commit to be there, where an apply ended between the drawing and the listening. */
const READ_AGAIN_MS = 1000

/**
 * Follows a running apply. The stream starts with everything so far, so a broken one may just be opened again (the
 * browser does); at the end the page is read again, because the journal has the truth.
 */
export function useApplyEvents(applyId: string, isRunning: boolean): Heard {
  const router = useRouter()
  const [heard, dispatch] = useReducer(hear, NOTHING)
  useEffect(() => {
    if (!isRunning) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const source = new EventSource(paths.applyStream(applyId))
    source.addEventListener('apply', ({ data }) => {
      const events = JSON.parse(String(data)) as readonly HeardEvent[]
      dispatch(events)
      const isOver = events.some(({ kind }) => kind === 'ended')
      // How it ended is in the journal before the watch begins.
      const isWatching = events.some((it) => it.kind === 'phase' && it.phase === 'watching')
      if (isOver || isWatching) router.refresh()
      if (!isOver) return
      source.close()
      timer = setTimeout(() => router.refresh(), READ_AGAIN_MS)
    })
    return () => {
      clearTimeout(timer)
      source.close()
    }
  }, [applyId, isRunning, router])
  return heard
}

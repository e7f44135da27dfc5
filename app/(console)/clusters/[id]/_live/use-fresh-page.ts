'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useEffectEvent, useRef } from 'react'

/** Comparing reads every host once: more often costs them, less often shows drift late. */
const COMPARE_MS = 60_000

/** Something is about to happen (a drain ends): the page is asked for its outcome this often. */
const SOON_MS = 4000

/**
 * Asks the server for the page again: when `shape` of what runs changes, every minute while a person looks, and every
 * few seconds while `isDue`.
 */
export function useFreshPage(shape: string | undefined, isDue: boolean): void {
  const router = useRouter()
  const known = useRef(shape)
  const refresh = useEffectEvent(() => {
    if (document.visibilityState === 'visible') router.refresh()
  })

  useEffect(() => {
    if (shape === undefined || shape === known.current) return
    const isFirst = known.current === undefined
    known.current = shape
    if (!isFirst) refresh()
  }, [shape])

  useEffect(() => {
    const timer = setInterval(refresh, isDue ? SOON_MS : COMPARE_MS)
    return () => clearInterval(timer)
  }, [isDue])
}

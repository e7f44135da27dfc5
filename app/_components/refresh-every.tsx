'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useEffectEvent } from 'react'

/** Reads the page again every so many seconds while somebody looks at it. Draws nothing. */
export function RefreshEvery({ seconds }: { seconds: number }) {
  const router = useRouter()
  const refresh = useEffectEvent(() => {
    if (document.visibilityState === 'visible') router.refresh()
  })
  useEffect(() => {
    const timer = setInterval(refresh, seconds * 1000)
    document.addEventListener('visibilitychange', refresh)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', refresh)
    }
  }, [seconds])
  return null
}

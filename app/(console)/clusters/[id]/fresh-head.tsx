'use client'

import { usePathname, useRouter } from 'next/navigation'
import { useEffect, useEffectEvent } from 'react'

/** Reading costs every host an exchange; what is younger than this may stand beside a page that was just read. */
const FRESH_MS = 10_000
/** The new page comes first; the head may follow. */
const AFTER_MS = 500

/** Reads the head again where a person goes on to another page of the cluster: it would say what was, beside what is. */
export function FreshHead({ readAt }: { readAt: number }) {
  const router = useRouter()
  const pathname = usePathname()
  const renew = useEffectEvent(() => {
    if (Date.now() - readAt > FRESH_MS) router.refresh()
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: going on to another page is what asks for it
  useEffect(() => {
    const timer = setTimeout(() => renew(), AFTER_MS)
    return () => clearTimeout(timer)
  }, [pathname])
  return null
}

'use client'

import { useEffect, useState } from 'react'

/** Gives what the newest promise that is kept has brought; until the first, `initial`. */
export function useLatest<Value>(promise: Promise<Value>, initial: Value): Value {
  const [value, setValue] = useState(initial)
  useEffect(() => {
    let isCurrent = true
    // A promise that breaks is a mistake of the server: the page's frame waits for the same reading, and shows it.
    promise.then(
      (kept) => isCurrent && setValue(kept),
      () => undefined,
    )
    return () => {
      isCurrent = false
    }
  }, [promise])
  return value
}

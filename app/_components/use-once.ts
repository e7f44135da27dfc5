'use client'

import { useEffect, useEffectEvent, useRef } from 'react'

/** Reacts once to each new value: React may run effects again for the same one, e.g. when a page comes back. */
export function useOnce<Value>(value: Value | undefined, react: (value: Value) => void): void {
  const last = useRef<Value>(undefined)
  const run = useEffectEvent(react)
  useEffect(() => {
    if (value === undefined || last.current === value) return
    last.current = value
    run(value)
  }, [value])
}

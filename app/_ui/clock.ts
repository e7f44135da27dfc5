'use client'

import { useSyncExternalStore } from 'react'

/** One interval for all ages on a page: a hundred rows must not mean a hundred timers. */
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let now = Date.now()

function tick() {
  now = Date.now()
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (timer === undefined) {
    tick()
    timer = setInterval(tick, 1000)
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

const read = () => now

/** On a server nothing ticks; two calls within one drawing must give the same. */
function readOnServer(): number {
  if (Date.now() - now > 500) now = Date.now()
  return now
}

/** Reads the time in milliseconds, again every second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, read, readOnServer)
}

const never = () => () => undefined

/** Tells whether this is the browser: false on the server and in the first render, then true. */
export function useIsBrowser(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
}

'use client'

import { useEffect, useSyncExternalStore } from 'react'
import type { SavedState } from '@/app/_components/saved-state'

/** What pages have read of clusters' files since the frame above them was drawn. */
const news = new Map<string, SavedState>()
const listeners = new Set<() => void>()

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** Gives the newer of what the frame knows and what a page below it has read. */
export function useNewestSaved(clusterId: string, known: SavedState): SavedState {
  const told = useSyncExternalStore(
    subscribe,
    () => news.get(clusterId),
    () => undefined,
  )
  return told?.at !== undefined && told.at > (known.at ?? 0) ? told : known
}

/** Tells the frame what this page has just read, or one would say what was beside what is. Draws nothing. */
export function TellSaved({ clusterId, state }: { clusterId: string; state: SavedState }) {
  useEffect(() => {
    news.set(clusterId, state)
    for (const listener of listeners) listener()
  }, [clusterId, state])
  return null
}

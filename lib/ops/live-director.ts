import type { LiveDirector, LiveService } from '@/lib/lvs/live'
import { advance, type DirectorState, NO_STATE, showService } from '@/lib/lvs/live-state'
import { type Reason, reason } from '@/lib/lvs/reason'
import type { LiveFrame } from '@/lib/ssh/live-reader'

/** What is known of one director that is being watched. Times are milliseconds since 1970. */
export type Watched = {
  hostId: string
  state: DirectorState
  /** Another one means that the host rebooted. */
  bootId?: string
  readAt?: number
  absent: boolean
  denied?: Reason
  lost?: { since: number; reason: Reason }
}

/** Makes the view of a director that was not read yet. */
export function notYetRead(hostId: string): Watched {
  return { hostId, state: NO_STATE, absent: false }
}

/** Takes in one reading. Throws Unreadable when the table is nonsense. */
export function takeReading(watched: Watched, frame: LiveFrame, now: number): void {
  // After a gap nobody knows what changed meanwhile: rates and windows begin anew.
  const before = watched.lost === undefined ? watched.state : NO_STATE
  watched.state = advance(before, { ...frame, denied: frame.denied !== undefined })
  watched.readAt = now
  watched.absent = frame.table === undefined
  delete watched.lost
  if (frame.totals !== undefined) delete watched.denied
  if (frame.denied !== undefined)
    watched.denied = reason('ipvs.denied', { text: frame.denied.text.trim().slice(0, 400) })
}

/** Takes in that the director could not be read; tells whether that is news. */
export function takeLoss(watched: Watched, why: Reason, now: number): boolean {
  const isNews = watched.lost === undefined
  watched.lost = { since: watched.lost?.since ?? watched.readAt ?? now, reason: why }
  return isNews
}

/** Shows a director as browsers get it. */
export function showDirector(watched: Watched, name: string, now: number): LiveDirector {
  const { hostId, readAt, absent, denied, lost } = watched
  return {
    ...{ hostId, name, absent },
    ...(readAt !== undefined && { readAt, ageMs: now - readAt }),
    ...(denied !== undefined && { denied }),
    ...(lost !== undefined && { lost }),
  }
}

/** Shows those of a director's services that are named and stand in its table. */
export function showServices(watched: Watched, names: readonly string[]): LiveService[] {
  const { hostId, state, denied } = watched
  return names
    .map((name) => showService(state, name, { hostId, denied: denied !== undefined }))
    .filter((service) => service !== undefined)
}

import type { StepOutcome } from '@/lib/db/apply-steps'

/** What a running apply does now: an overlay over the journal, which knows a batch's outcomes only after reading back. */
export type ApplyEvent =
  | ({ kind: 'step' } & (StepOutcome | { position: number; state: 'running' }))
  | { kind: 'phase'; phase: ApplyPhase }
  | { kind: 'ended' }

export type ApplyPhase = 'applying' | 'verifying' | 'confirming' | 'watching'

type Listener = (event: ApplyEvent) => void
type Topic = { phase: ApplyPhase; steps: Map<number, ApplyEvent>; listeners: Set<Listener> }

// Next.js loads this module several times in one process; the topics must be one.
const shared = globalThis as { tunboardApplies?: Map<string, Topic> }
const topics = (): Map<string, Topic> => (shared.tunboardApplies ??= new Map())

/** Opens the topic of an apply that starts. */
export function openApplyTopic(applyId: string): void {
  topics().set(applyId, { phase: 'applying', steps: new Map(), listeners: new Set() })
}

/** Tells everybody who looks at an apply what it does; `ended` closes the topic. */
export function publishApply(applyId: string, event: ApplyEvent): void {
  const topic = topics().get(applyId)
  if (topic === undefined) return
  if (event.kind === 'step') topic.steps.set(event.position, event)
  if (event.kind === 'phase') topic.phase = event.phase
  if (event.kind === 'ended') topics().delete(applyId)
  for (const listener of topic.listeners) listener(event)
}

/**
 * Follows an apply: first everything that it has done since it started, then each event as it happens; `ended` is
 * the last. An apply that is not running in this process is ended at once: the journal has all of it.
 * Returns what stops following.
 */
export function subscribeApply(applyId: string, listener: Listener): () => void {
  const topic = topics().get(applyId)
  if (topic === undefined) {
    listener({ kind: 'ended' })
    return () => undefined
  }
  listener({ kind: 'phase', phase: topic.phase })
  for (const event of topic.steps.values()) listener(event)
  topic.listeners.add(listener)
  return () => topic.listeners.delete(listener)
}

import { z } from 'zod'
import { idField, integerField } from './form'

export const TIMED_UNDO_WHEN = ['risky', 'always'] as const
export const CONFIRM_BY = ['server', 'person'] as const
export const ON_FAILURE = ['stop', 'go-back'] as const

/** Shorter, and a slow host is undone before it could be asked; longer, and nobody waits for it. Junos allows minutes. */
export const UNDO_SECONDS = { min: 10, max: 600 } as const

/** How carefully a cluster is changed: no part of what is desired of it, so that changing it changes nothing else. */
export const policySchema = z.object({
  /** When an apply has an undo timer armed on its hosts. */
  timedUndo: z.enum(TIMED_UNDO_WHEN, { error: 'required' }),
  /** How long a timed undo waits for its confirmation, in seconds. */
  undoSeconds: integerField(UNDO_SECONDS.min, UNDO_SECONDS.max, 'undo-seconds.invalid'),
  /** Who confirms: Tunboard once the hosts answer over new connections, or a person. */
  confirmBy: z.enum(CONFIRM_BY, { error: 'required' }),
  /** What follows a failed apply. */
  onFailure: z.enum(ON_FAILURE, { error: 'required' }),
})
export type Policy = z.output<typeof policySchema>

export const DEFAULT_POLICY: Policy = {
  timedUndo: 'risky',
  undoSeconds: 60,
  confirmBy: 'server',
  onFailure: 'stop',
}

/** A policy as a person enters it, with the cluster that it is of. */
export const policyFormSchema = policySchema.extend({ clusterId: idField })
export type PolicyForm = z.output<typeof policyFormSchema>

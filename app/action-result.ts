import type { Failure } from '@/lib/errors'

/** What a server action hands to the browser. `values` bring typed input back where there is no script. */
export type ActionResult<Value> =
  | { ok: true; value: Value }
  | { ok: false; failure: Failure; values: Record<string, string> }

/** What useActionState holds: `undefined` before the first sending. */
export type ActionState<Value> = ActionResult<Value> | undefined

/** The shape of every server action: ready for useActionState, and for a plain call with `undefined` first. */
export type Action<Value> = (
  previous: ActionState<Value>,
  data: FormData,
) => Promise<ActionResult<Value>>

import { refresh } from 'next/cache'
import { redirect, unstable_rethrow } from 'next/navigation'
import type { z } from 'zod'
import { type Role, reaches } from '@/lib/auth/roles'
import type { Session } from '@/lib/auth/session'
import { type Failure, TunboardError } from '@/lib/errors'
import { log } from '@/lib/log'
import { parseForm } from '@/lib/lvs/form'
import type { Action, ActionResult } from './action-result'
import { parseFormData, typedValues } from './form-data'
import { paths } from './paths'
import { getSession } from './session'

type Shape<Schema extends z.ZodType> = {
  schema: Schema
  /** Names of fields that are never sent back to the browser. */
  secrets?: readonly string[]
}

/** A Failure is what a person can act on; anything else is a bug: logged with its stack, and thrown on. */
async function resultOf<Value>(
  data: FormData,
  secrets: readonly string[],
  run: () => Promise<Value>,
): Promise<ActionResult<Value>> {
  const fail = (failure: Failure) => ({
    ok: false as const,
    failure,
    values: typedValues(data, secrets),
  })
  try {
    const value = await run()
    refresh()
    return { ok: true, value }
  } catch (error) {
    // A redirect of Next is thrown too. Where it leads, the frame that both pages share must be drawn anew as well.
    if (!(error instanceof TunboardError)) refresh()
    unstable_rethrow(error)
    if (error instanceof TunboardError) return fail(error.toFailure())
    log.error('A server action made a mistake.', { error })
    throw error
  }
}

/**
 * Makes a server action: session → role → parse → op → result. What is shown is read again afterwards.
 * `run` gets what the schema made of the form; to go somewhere else it calls Next's redirect().
 */
export function action<Schema extends z.ZodType, Value>(
  { role, schema, secrets = [] }: Shape<Schema> & { role: Role },
  run: (input: z.output<Schema>, session: Session) => Promise<Value>,
): Action<Value> {
  return async (_, data) => {
    const session = await getSession()
    if (session === undefined) redirect(paths.login())
    const { role: own } = session.user
    if (!reaches(own, role)) {
      const failure = {
        code: 'Conflict',
        reason: 'role-too-low',
        values: { needed: role, role: own },
      } as const
      return { ok: false, failure, values: typedValues(data, secrets) }
    }
    return resultOf(data, secrets, async () => run(parseForm(schema, parseFormData(data)), session))
  }
}

/** Makes one of the few server actions for people who are not logged in: login and first run. */
export function openAction<Schema extends z.ZodType, Value>(
  { schema, secrets = [] }: Shape<Schema>,
  run: (input: z.output<Schema>) => Promise<Value>,
): Action<Value> {
  return async (_, data) =>
    resultOf(data, secrets, async () => run(parseForm(schema, parseFormData(data))))
}

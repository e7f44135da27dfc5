'use client'

import { type ReactNode, useActionState, useMemo } from 'react'
import type { z } from 'zod'
import { Form } from '@/app/_ui/form'
import type { Action, ActionState } from '@/app/action-result'
import { parseFormData } from '@/app/form-data'
import type { Values } from '@/lib/errors'
import { fieldErrors } from '@/lib/lvs/form'
import { FailureBanner } from './failure-banner'
import { useOnce } from './use-once'
import { useWords } from './use-words'

type Props<Value> = {
  action: Action<Value>
  /** The schema of the action: fields are checked with it when they are left. */
  schema?: z.ZodType
  /** Fields without a control: ids and versions. */
  hidden?: Readonly<Record<string, string | number>>
  /** Called once for each sending that worked. */
  onDone?: (value: Value) => void
  children: ReactNode
  className?: string
}

const NONE = {}

/** A form bound to a server action: errors in words at their fields, the rest in a banner, no input lost. */
export function ActionForm<Value>(props: Props<Value>) {
  const { action, schema, hidden, onDone, children, className } = props
  const [state, send, isPending] = useActionState<ActionState<Value>, FormData>(action, undefined)
  const words = useWords()
  const failure = state?.ok === false ? state.failure : undefined

  const inWords = (codes: Readonly<Record<string, string>>, values: Values = {}) =>
    Object.fromEntries(
      Object.entries(codes).map(([name, code]) => [name, words.field(code, values)]),
    )
  // One object per answer: the form moves the focus when it gets another one.
  // biome-ignore lint/correctness/useExhaustiveDependencies: words change with the language only, and then all is new
  const errors = useMemo(() => inWords(failure?.fields ?? NONE, failure?.values), [failure])

  useOnce(state, (answer) => {
    if (answer.ok) onDone?.(answer.value)
  })

  const validate = (data: FormData) => {
    const result = schema?.safeParse(parseFormData(data))
    return result?.success === false ? inWords(fieldErrors(result.error)) : NONE
  }
  return (
    <Form
      action={send}
      pending={isPending}
      errors={errors}
      {...(state?.ok === false && { values: state.values })}
      validate={schema === undefined ? undefined : validate}
      banner={failure !== undefined && <FailureBanner failure={failure} />}
      className={className}
    >
      {Object.entries(hidden ?? NONE).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={String(value)} />
      ))}
      {children}
    </Form>
  )
}

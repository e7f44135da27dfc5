'use client'

import {
  type FocusEvent,
  type FormEvent,
  type ReactNode,
  startTransition,
  useEffect,
  useRef,
  useState,
} from 'react'
import { cx } from './cx'
import { FormContext } from './form-context'

type Errors = Readonly<Record<string, string>>

type Props = {
  action: (data: FormData) => void
  /** What was sent last; the fields start with it. */
  values?: Readonly<Record<string, string>>
  /** What the server found, per field, in words. A new object moves the focus to the first of them. */
  errors?: Errors
  /** Checks the whole form in the browser; of its answer only the field just left is shown. */
  validate?: ((data: FormData) => Errors) | undefined
  pending?: boolean
  banner?: ReactNode
  children: ReactNode
  className?: string | undefined
}

const NONE: Errors = {}

/** Errors of the server, and over them what happened to single fields since: `undefined` = corrected. */
function useErrors(fromServer: Errors) {
  const [since, setSince] = useState<{ of: Errors; fields: Record<string, string | undefined> }>({
    of: fromServer,
    fields: {},
  })
  const fields = since.of === fromServer ? since.fields : {}
  const set = (name: string, error: string | undefined) =>
    setSince((last) => ({
      of: fromServer,
      fields: { ...(last.of === fromServer ? last.fields : {}), [name]: error },
    }))
  const merged = Object.entries({ ...fromServer, ...fields }).flatMap(([name, error]) =>
    error === undefined ? [] : [[name, error] as const],
  )
  return { errors: Object.fromEntries(merged), set }
}

const nameOf = (target: EventTarget) =>
  'name' in target && typeof target.name === 'string' && target.name !== ''
    ? target.name
    : undefined

/**
 * A form that never loses what was typed. With a script it is sent without React's reset after an action;
 * without one the browser sends it, and `values` bring the input back.
 */
export function Form(props: Props) {
  const { action, values, errors, validate, pending = false, banner, children, className } = props
  const form = useRef<HTMLFormElement>(null)
  const fromServer = errors ?? NONE
  const live = useErrors(fromServer)

  useEffect(() => {
    if (Object.keys(fromServer).length === 0) return
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [fromServer])

  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (pending) return
    const submitter = event.nativeEvent instanceof SubmitEvent ? event.nativeEvent.submitter : null
    const data = new FormData(event.currentTarget, submitter)
    startTransition(() => action(data))
  }
  const check = (event: FocusEvent<HTMLFormElement>) => {
    const name = nameOf(event.target)
    if (validate === undefined || name === undefined) return
    // An empty field that was only passed through is not wrong yet.
    if ('value' in event.target && event.target.value === '') return
    live.set(name, validate(new FormData(event.currentTarget))[name])
  }

  const context = {
    values: values ?? {},
    errors: live.errors,
    pending,
    clear: (name: string) => live.set(name, undefined),
  }
  return (
    <form
      ref={form}
      action={action}
      onSubmit={send}
      onBlur={check}
      noValidate
      className={cx('flex flex-col gap-5', className)}
    >
      {banner}
      <FormContext value={context}>{children}</FormContext>
    </form>
  )
}

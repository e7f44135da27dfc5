'use client'

import { createContext, useContext } from 'react'

/** What a field needs to know of the form that it stands in, by its name. */
export type FormContextValue = {
  /** What was sent last, so that a form drawn anew keeps it. */
  values: Readonly<Record<string, string>>
  /** Words, not codes. */
  errors: Readonly<Record<string, string>>
  /** The form was sent, and its answer is not here yet. */
  pending: boolean
  /** Forgets the error of a field that is being changed. */
  clear: (name: string) => void
}

export const FormContext = createContext<FormContextValue>({
  values: {},
  errors: {},
  pending: false,
  clear: () => undefined,
})

/** Reads what the form around knows of a field. */
export function useField(name: string) {
  const { values, errors, clear } = useContext(FormContext)
  return { value: values[name], error: errors[name], clear: () => clear(name) }
}

/** Tells whether the form around is being sent. */
export function useFormPending(): boolean {
  return useContext(FormContext).pending
}

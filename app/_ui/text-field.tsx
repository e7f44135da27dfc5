'use client'

import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx'
import { CONTROL, Field, type FieldProps } from './field'

type InputProps = Pick<
  ComponentProps<'input'>,
  'type' | 'autoComplete' | 'placeholder' | 'defaultValue' | 'inputMode' | 'autoFocus' | 'list'
>

/** One line of text. `mono` for addresses, keys and numbers; `unit` is drawn at its end. */
export function TextField({
  mono = false,
  unit,
  defaultValue,
  name,
  label,
  help,
  optional,
  className,
  ...input
}: FieldProps & InputProps & { mono?: boolean; unit?: ReactNode }) {
  return (
    <Field {...{ name, label, help, optional, className }}>
      {({ id, value, clear, aria }) => (
        <span className="relative flex items-center">
          <input
            {...input}
            {...aria}
            id={id}
            name={name}
            defaultValue={value ?? defaultValue}
            onInput={clear}
            spellCheck={false}
            autoCapitalize="off"
            className={cx(CONTROL, mono && 'font-mono', unit !== undefined && 'pr-12')}
          />
          {unit !== undefined && (
            <span className="pointer-events-none absolute right-2.5 text-muted text-sm">
              {unit}
            </span>
          )}
        </span>
      )}
    </Field>
  )
}

type AreaProps = Pick<ComponentProps<'textarea'>, 'rows' | 'placeholder' | 'defaultValue'>

/** Several lines of text, e.g. a key. */
export function TextareaField({
  defaultValue,
  name,
  label,
  help,
  optional,
  className,
  mono = false,
  ...area
}: FieldProps & AreaProps & { mono?: boolean }) {
  return (
    <Field {...{ name, label, help, optional, className }}>
      {({ id, value, clear, aria }) => (
        <textarea
          {...area}
          {...aria}
          id={id}
          name={name}
          defaultValue={value ?? defaultValue}
          onInput={clear}
          spellCheck={false}
          autoComplete="off"
          className={cx(CONTROL, 'resize-y py-1.5 leading-5', mono && 'font-mono text-sm')}
        />
      )}
    </Field>
  )
}

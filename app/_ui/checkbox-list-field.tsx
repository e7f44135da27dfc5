'use client'

import { type ReactNode, useId } from 'react'
import { FieldError, FieldHelp, type FieldProps } from './field'
import { useField } from './form-context'

export type CheckboxOption = { value: string; label: ReactNode; help?: ReactNode }

/** Several of few, each with what it means. Sends its name once for each that is ticked. */
export function CheckboxListField({
  name,
  label,
  help,
  options,
  defaultValues = [],
  className,
}: Omit<FieldProps, 'optional'> & {
  options: readonly CheckboxOption[]
  defaultValues?: readonly string[]
}) {
  const id = useId()
  const { error, clear } = useField(name)
  return (
    <fieldset
      className={className}
      aria-describedby={error === undefined ? undefined : `${id}-error`}
      aria-invalid={error === undefined ? undefined : true}
    >
      <legend className="mb-1 font-strong text-sm">{label}</legend>
      {help !== undefined && <FieldHelp id={`${id}-help`}>{help}</FieldHelp>}
      <div className="mt-1 divide-y overflow-clip rounded-control border border-control">
        {options.map((option) => (
          <label
            key={option.value}
            htmlFor={`${id}-${option.value}`}
            className="flex items-start gap-2.5 px-3 py-2 has-checked:bg-accent-soft"
          >
            <input
              id={`${id}-${option.value}`}
              type="checkbox"
              name={name}
              value={option.value}
              defaultChecked={defaultValues.includes(option.value)}
              onChange={clear}
              className="mt-0.5 size-4 shrink-0 accent-accent"
            />
            <span className="min-w-0">
              <span className="font-strong text-sm">{option.label}</span>
              {option.help !== undefined && (
                <span className="block text-pretty text-muted text-sm">{option.help}</span>
              )}
            </span>
          </label>
        ))}
      </div>
      {error !== undefined && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </fieldset>
  )
}

'use client'

import { type ReactNode, useId } from 'react'
import { FieldError, FieldHelp, type FieldProps } from './field'
import { useField } from './form-context'

export type RadioOption = {
  value: string
  label: ReactNode
  help?: ReactNode
  disabledReason?: string | undefined
}

/** One of few, all to be seen at once with what each means. */
export function RadioField({
  name,
  label,
  help,
  options,
  defaultValue,
  onChange,
  className,
}: Omit<FieldProps, 'optional'> & {
  options: readonly RadioOption[]
  defaultValue?: string | undefined
  onChange?: ((value: string) => void) | undefined
}) {
  const id = useId()
  const { value, error, clear } = useField(name)
  const chosen = value ?? defaultValue
  return (
    <fieldset
      className={className}
      aria-describedby={error === undefined ? undefined : `${id}-error`}
      aria-invalid={error === undefined ? undefined : true}
    >
      <legend className="mb-1 font-strong text-sm">{label}</legend>
      {help !== undefined && <FieldHelp id={`${id}-help`}>{help}</FieldHelp>}
      <div className="mt-1 divide-y overflow-clip rounded-control border border-control">
        {options.map((option) => {
          const note = option.disabledReason ?? option.help
          const key = `${id}-${option.value}`
          return (
            <label
              key={option.value}
              htmlFor={key}
              className="flex items-start gap-2.5 px-3 py-2 has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:-outline-offset-2 has-disabled:opacity-60"
            >
              <input
                id={key}
                type="radio"
                name={name}
                value={option.value}
                // Its name is the label alone; what it means is its description.
                aria-labelledby={`${key}-label`}
                aria-describedby={note === undefined ? undefined : `${key}-note`}
                defaultChecked={option.value === chosen}
                disabled={option.disabledReason !== undefined}
                onChange={() => {
                  clear()
                  onChange?.(option.value)
                }}
                className="mt-0.5 size-4 shrink-0 accent-accent"
              />
              <span className="min-w-0">
                <span id={`${key}-label`} className="font-strong text-sm">
                  {option.label}
                </span>
                {note !== undefined && (
                  <span id={`${key}-note`} className="block text-pretty text-muted text-sm">
                    {note}
                  </span>
                )}
              </span>
            </label>
          )
        })}
      </div>
      {error !== undefined && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </fieldset>
  )
}

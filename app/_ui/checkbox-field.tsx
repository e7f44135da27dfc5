'use client'

import { useId } from 'react'
import { FieldError, FieldHelp, type FieldProps } from './field'
import { useField } from './form-context'

/** Yes or no; its label says what yes means. Sends `on`, or nothing. */
export function CheckboxField({
  name,
  label,
  help,
  defaultChecked = false,
  onChange,
  className,
}: Omit<FieldProps, 'optional'> & {
  defaultChecked?: boolean
  onChange?: ((isChecked: boolean) => void) | undefined
}) {
  const id = useId()
  const { value, error, clear } = useField(name)
  const described = [help !== undefined && `${id}-help`, error !== undefined && `${id}-error`]
  const ids = described.filter((part) => part !== false).join(' ')
  return (
    <div className={className}>
      <label htmlFor={id} className="flex items-start gap-2.5 pointer-coarse:min-h-11">
        <input
          id={id}
          type="checkbox"
          name={name}
          defaultChecked={value === undefined ? defaultChecked : value === 'on'}
          aria-describedby={ids === '' ? undefined : ids}
          aria-invalid={error === undefined ? undefined : true}
          onChange={(event) => {
            clear()
            onChange?.(event.target.checked)
          }}
          className="mt-0.5 size-4 shrink-0 accent-accent"
        />
        <span className="font-strong text-sm">{label}</span>
      </label>
      <div className="pl-6.5">
        {help !== undefined && <FieldHelp id={`${id}-help`}>{help}</FieldHelp>}
        {error !== undefined && <FieldError id={`${id}-error`}>{error}</FieldError>}
      </div>
    </div>
  )
}

'use client'

import { Select as Base } from '@base-ui/react/select'
import { type ReactNode, useState } from 'react'
import { cx } from './cx'
import { CONTROL, Field, type FieldProps } from './field'
import { useField } from './form-context'
import { Icon } from './icon'

export type SelectOption = {
  value: string
  label: string
  /** One line under the label, in the list only. */
  help?: ReactNode
  /** Why it cannot be chosen; shown in place of `help`. */
  disabledReason?: string | undefined
}

function Option({ option, mono }: { option: SelectOption; mono: boolean }) {
  const note = option.disabledReason ?? option.help
  return (
    <Base.Item
      value={option.value}
      disabled={option.disabledReason !== undefined}
      className="row-height grid cursor-default grid-cols-[16px_minmax(0,1fr)] items-center gap-x-2 rounded-control px-2 py-1 text-base outline-none data-highlighted:bg-hover data-disabled:opacity-60"
    >
      <Base.ItemIndicator className="col-start-1 text-accent">
        <Icon name="check" />
      </Base.ItemIndicator>
      <span className="col-start-2 min-w-0">
        <Base.ItemText className={mono ? 'font-mono' : ''}>{option.label}</Base.ItemText>
        {note !== undefined && <span className="block text-pretty text-muted text-sm">{note}</span>}
      </span>
    </Base.Item>
  )
}

/** One of several; the list explains each. `onChange` for forms that change with the choice. */
export function SelectField({
  options,
  defaultValue,
  placeholder,
  mono = false,
  onChange,
  ...field
}: FieldProps & {
  options: readonly SelectOption[]
  defaultValue?: string | undefined
  placeholder?: string | undefined
  mono?: boolean
  onChange?: ((value: string) => void) | undefined
}) {
  const items = options.map(({ value, label }) => ({ value, label }))
  // What was sent comes back with an answer; the choice is already here then, and must not begin anew.
  const { value: sent } = useField(field.name)
  const [initial] = useState(sent ?? defaultValue ?? null)
  return (
    <Field {...field}>
      {({ id, name, clear, aria }) => (
        <Base.Root
          name={name}
          items={items}
          defaultValue={initial}
          onValueChange={(chosen) => {
            clear()
            if (typeof chosen === 'string') onChange?.(chosen)
          }}
        >
          <Base.Trigger
            {...aria}
            id={id}
            aria-labelledby={`${id}-label`}
            className={cx(
              CONTROL,
              'flex items-center justify-between gap-2 text-left data-placeholder:text-muted',
            )}
          >
            <Base.Value className={cx('truncate', mono && 'font-mono')} placeholder={placeholder} />
            <Icon name="chevron-down" className="text-muted" />
          </Base.Trigger>
          <Base.Portal>
            <Base.Positioner
              sideOffset={4}
              alignItemWithTrigger={false}
              className="z-50 outline-none"
            >
              <Base.Popup className="max-h-(--available-height) min-w-(--anchor-width) max-w-[min(28rem,calc(100vw-2rem))] overflow-y-auto rounded-card border bg-raised p-1 shadow-float transition-opacity duration-120 data-ending-style:opacity-0 data-starting-style:opacity-0">
                <Base.List>
                  {options.map((option) => (
                    <Option key={option.value} option={option} mono={mono} />
                  ))}
                </Base.List>
              </Base.Popup>
            </Base.Positioner>
          </Base.Portal>
        </Base.Root>
      )}
    </Field>
  )
}

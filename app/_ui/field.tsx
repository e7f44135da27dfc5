'use client'

import { type ReactNode, useId } from 'react'
import { cx } from './cx'
import { useField } from './form-context'
import { Icon } from './icon'

export type FieldProps = {
  name: string
  label: ReactNode
  /** One line that explains it. */
  help?: ReactNode
  /** Says "optional" beside the label; the rest is required. */
  optional?: string | undefined
  className?: string | undefined
}

export type FieldWiring = {
  id: string
  name: string
  value: string | undefined
  clear: () => void
  aria: { 'aria-describedby'?: string; 'aria-invalid'?: true }
}

export const CONTROL =
  'control-height w-full rounded-control border border-control bg-raised px-2.5 text-base text-text transition-colors hover:border-muted aria-invalid:border-bad aria-disabled:opacity-60'

/** Label, explanation, control and error of one field, wired for screen readers. */
export function Field({
  name,
  label,
  help,
  optional,
  className,
  children,
}: FieldProps & { children: (wiring: FieldWiring) => ReactNode }) {
  const id = useId()
  const { value, error, clear } = useField(name)
  const described = [help !== undefined && `${id}-help`, error !== undefined && `${id}-error`]
  const ids = described.filter((part) => part !== false).join(' ')
  return (
    <div className={cx('flex min-w-0 flex-col', className)}>
      <label id={`${id}-label`} htmlFor={id} className="mb-1 font-strong text-sm text-text">
        {label}
        {optional !== undefined && (
          <span className="ml-1.5 font-normal text-muted">{optional}</span>
        )}
      </label>
      {children({
        id,
        name,
        value,
        clear,
        aria: {
          ...(ids !== '' && { 'aria-describedby': ids }),
          ...(error !== undefined && { 'aria-invalid': true }),
        },
      })}
      {help !== undefined && <FieldHelp id={`${id}-help`}>{help}</FieldHelp>}
      {error !== undefined && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  )
}

/** One line that explains a field. */
export function FieldHelp({ id, children }: { id: string; children: ReactNode }) {
  return (
    <p id={id} className="mt-1 max-w-[64ch] text-pretty text-muted text-sm">
      {children}
    </p>
  )
}

/** What is wrong with a field, and what would be right. */
export function FieldError({ id, children }: { id: string; children: ReactNode }) {
  return (
    <p id={id} className="mt-1 flex items-start gap-1.5 text-bad text-sm">
      <Icon name="bad" size={14} className="mt-[3px]" />
      {children}
    </p>
  )
}

'use client'

import { Button, type ButtonProps } from './button'
import { useFormPending } from './form-context'

/** Sends the form around it, and turns until the answer is here. */
export function SubmitButton({ children, ...rest }: Omit<ButtonProps, 'type' | 'pending'>) {
  const isPending = useFormPending()
  return (
    <Button variant="primary" {...rest} type="submit" pending={isPending}>
      {children}
    </Button>
  )
}

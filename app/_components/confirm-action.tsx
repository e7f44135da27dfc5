'use client'

import type { ReactNode } from 'react'
import { Button } from '@/app/_ui/button'
import { ConfirmDialog } from '@/app/_ui/confirm-dialog'
import type { Action } from '@/app/action-result'
import { FailureBanner } from './failure-banner'

type Values = Readonly<Record<string, string | number | readonly string[]>>

/** Calls an action outside of a form; gives what went wrong, to be shown where it was asked for. */
export async function callAction<Value>(
  action: Action<Value>,
  values: Values,
): Promise<ReactNode | undefined> {
  const data = new FormData()
  for (const [name, value] of Object.entries(values))
    for (const each of typeof value === 'object' ? value : [value]) data.append(name, String(each))
  const result = await action(undefined, data)
  return result.ok ? undefined : <FailureBanner failure={result.failure} />
}

/** A button for what cannot be taken back by another click: it names its object and consequence first. */
export function ConfirmAction({
  action,
  values,
  label,
  ...dialog
}: {
  action: Action<never>
  values: Values
  label: string
  title: ReactNode
  consequence: ReactNode
  confirmLabel: string
}) {
  return (
    <ConfirmDialog
      {...dialog}
      trigger={<Button icon="remove">{label}</Button>}
      onConfirm={() => callAction(action, values)}
    />
  )
}

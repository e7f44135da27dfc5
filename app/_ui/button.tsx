'use client'

import { type ComponentProps, type MouseEvent, useId } from 'react'
import { type ButtonSize, type ButtonVariant, buttonClass } from './button-class'
import { cx } from './cx'
import { Icon, type IconName } from './icon'
import { Tooltip } from './tooltip'

export type ButtonProps = Omit<ComponentProps<'button'>, 'disabled'> & {
  variant?: ButtonVariant | undefined
  size?: ButtonSize | undefined
  icon?: IconName | undefined
  /** The work that this button started goes on: it turns, and does not start twice. */
  pending?: boolean | undefined
  /** Why it cannot be pressed now. There is no way to disable a button without a reason. */
  disabledReason?: string | undefined
}

function refuse(event: MouseEvent) {
  event.preventDefault()
  event.stopPropagation()
}

/** A button that, when it cannot be pressed, can still be reached and says why. */
export function Button({
  variant,
  size,
  icon,
  pending = false,
  disabledReason,
  className,
  children,
  onClick,
  type = 'button',
  ...rest
}: ButtonProps) {
  const reasonId = useId()
  const isBlocked = pending || disabledReason !== undefined
  const described = disabledReason === undefined ? {} : { 'aria-describedby': reasonId }
  const button = (
    <button
      {...rest}
      {...described}
      type={type}
      aria-disabled={isBlocked || undefined}
      aria-busy={pending || undefined}
      onClick={isBlocked ? refuse : onClick}
      className={cx(buttonClass(variant, size), className)}
    >
      {pending ? <Icon name="running" /> : icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  )
  if (disabledReason === undefined) return button
  return (
    <>
      <Tooltip text={disabledReason}>{button}</Tooltip>
      <span id={reasonId} className="sr-only">
        {disabledReason}
      </span>
    </>
  )
}

import Link from 'next/link'
import type { ReactNode } from 'react'
import { type ButtonSize, type ButtonVariant, buttonClass } from './button-class'
import { cx } from './cx'
import { Icon, type IconName } from './icon'

type Props = {
  href: string
  children?: ReactNode
  variant?: ButtonVariant
  size?: ButtonSize
  icon?: IconName
  className?: string
  'aria-label'?: string
}

/** A link that looks like a button: it goes somewhere, it changes nothing. */
export function LinkButton({ href, children, variant, size, icon, className, ...rest }: Props) {
  return (
    <Link href={href} className={cx(buttonClass(variant, size), className)} {...rest}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </Link>
  )
}

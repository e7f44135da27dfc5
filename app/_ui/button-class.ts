import { cx } from './cx'

export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger'
export type ButtonSize = 'md' | 'sm' | 'icon'

const SIZE: Record<ButtonSize, string> = {
  md: 'control-height px-3 text-base',
  sm: 'min-h-7 pointer-coarse:min-h-11 px-2 text-sm',
  icon: 'control-height min-w-8 pointer-coarse:min-w-11 px-0',
}

const VARIANT: Record<ButtonVariant, string> = {
  primary: 'bg-accent text-on-accent border-transparent not-aria-disabled:hover:bg-accent-strong',
  secondary: 'bg-raised text-text border-control not-aria-disabled:hover:bg-hover',
  quiet:
    'bg-transparent text-muted border-transparent not-aria-disabled:hover:bg-hover not-aria-disabled:hover:text-text',
  danger: 'bg-bad text-on-bad border-transparent not-aria-disabled:hover:bg-bad-strong',
}

/** The look of a button, shared by buttons, links and triggers of menus and dialogs. */
export function buttonClass(variant: ButtonVariant = 'secondary', size: ButtonSize = 'md'): string {
  return cx(
    'inline-flex select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-control border font-strong transition-colors',
    'aria-disabled:cursor-not-allowed aria-disabled:opacity-55',
    SIZE[size],
    VARIANT[variant],
  )
}

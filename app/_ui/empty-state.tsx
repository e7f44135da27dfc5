import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon'

/** Says what would be here, and offers the next step. */
export function EmptyState({
  icon,
  title,
  children,
  actions,
}: {
  icon: IconName
  title: ReactNode
  children?: ReactNode
  actions?: ReactNode
}) {
  return (
    <div className="flex flex-col items-center px-6 py-12 text-center">
      <span className="mb-3 flex size-10 items-center justify-center rounded-card border bg-sunken text-muted">
        <Icon name={icon} size={20} />
      </span>
      <p className="font-strong text-text">{title}</p>
      {children !== undefined && (
        <div className="mt-1 max-w-[52ch] text-pretty text-muted text-sm">{children}</div>
      )}
      {actions !== undefined && (
        <div className="mt-4 flex flex-wrap justify-center gap-2">{actions}</div>
      )}
    </div>
  )
}

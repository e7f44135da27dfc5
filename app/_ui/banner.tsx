import type { ReactNode } from 'react'
import { cx } from './cx'
import { Icon, type IconName } from './icon'
import { TONE_ICON, TONE_TEXT, type Tone } from './tone'

const EDGE: Record<Tone, string> = {
  ok: 'border-ok/45 bg-ok-soft',
  warn: 'border-warn/45 bg-warn-soft',
  bad: 'border-bad/45 bg-bad-soft',
  info: 'border-info/45 bg-info-soft',
  unknown: 'border-unknown/45 bg-unknown-soft',
  neutral: 'bg-sunken',
}

type Props = {
  tone: Tone
  /** What happened, and where. */
  title: ReactNode
  /** What to do about it. */
  children?: ReactNode
  actions?: ReactNode
  icon?: IconName
  /** Announced at once by screen readers; for what a person's own act has caused. */
  urgent?: boolean
  className?: string
  /** Where links on the page lead to. */
  id?: string
}

/** What happened, on which host, and what to do. */
export function Banner({ tone, title, children, actions, icon, urgent, className, id }: Props) {
  return (
    <div
      id={id}
      role={urgent === true ? 'alert' : undefined}
      className={cx('flex scroll-mt-4 gap-3 rounded-card border px-4 py-3', EDGE[tone], className)}
    >
      <span className={cx('mt-0.5', TONE_TEXT[tone])}>
        <Icon name={icon ?? TONE_ICON[tone]} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="break-words font-strong text-text">{title}</p>
        {children !== undefined && (
          <div className="mt-0.5 max-w-[72ch] text-pretty break-words text-sm text-text">
            {children}
          </div>
        )}
        {actions !== undefined && <div className="mt-3 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  )
}

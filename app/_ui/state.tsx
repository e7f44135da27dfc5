import type { ReactNode } from 'react'
import { cx } from './cx'
import { Icon, type IconName } from './icon'
import { TONE_DOT, TONE_ICON, TONE_SOFT, TONE_TEXT, type Tone } from './tone'

/** A state as word, icon and colour together; `quiet` without the ground, for tables and lines of text. */
export function State({
  tone,
  icon,
  children,
  quiet = false,
  className,
}: {
  tone: Tone
  /** Another picture than the tone's own, e.g. `running`. */
  icon?: IconName | undefined
  children: ReactNode
  quiet?: boolean
  className?: string
}) {
  return (
    <span
      className={cx(
        // The baseline is the word's: an icon has none, and would lift the whole line.
        'inline-flex items-baseline gap-1.5 whitespace-nowrap text-sm',
        TONE_TEXT[tone],
        !quiet && 'rounded-chip px-1.5 py-0.5',
        !quiet && TONE_SOFT[tone],
        className,
      )}
    >
      <Icon name={icon ?? TONE_ICON[tone]} size={14} className="self-center" />
      {/* One piece of text: the gap is for the icon, not between words and a time in them. */}
      <span>{children}</span>
    </span>
  )
}

/** A dot for places too small for a word; its word goes to screen readers and to the mouse. */
export function StateDot({ tone, label }: { tone: Tone; label: string }) {
  return (
    <span
      role="img"
      aria-label={label}
      title={label}
      className={cx('inline-block size-2 shrink-0 rounded-full', TONE_DOT[tone])}
    />
  )
}

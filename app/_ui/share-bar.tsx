import { cx } from './cx'
import { seriesColor } from './series'

type Props = {
  /** 0 to 1; `undefined` = not known, drawn hatched. */
  share: number | undefined
  /** 0 to 1: where the tick stands; `undefined` = nothing is promised. */
  promised: number | undefined
  /** What the whole bar stands for, 0 to 1: the same for all bars that are compared. */
  scale: number
  /** Which hue; see series.ts. */
  index: number
  /** Says both in words. */
  label: string
  className?: string
}

const percent = (part: number, scale: number) =>
  `${Math.round(Math.min(1, Math.max(0, part / scale)) * 1000) / 10}%`

/** A share as a bar with a tick where it was promised to end. */
export function ShareBar({ share, promised, scale, index, label, className }: Props) {
  return (
    <span
      role="img"
      aria-label={label}
      className={cx('relative inline-block h-4 w-24 align-middle', className)}
    >
      <span
        className={cx(
          'absolute inset-x-0 inset-y-[4.5px] overflow-clip rounded-[2px]',
          share === undefined ? 'hatched bg-unknown-soft' : 'bg-hover',
        )}
      >
        {share !== undefined && (
          <span
            className="block h-full origin-left transition-[width] duration-180"
            style={{ width: percent(share, scale), background: seriesColor(index) }}
          />
        )}
      </span>
      {promised !== undefined && (
        <span
          className="absolute inset-y-px -ml-px w-0.5 rounded-full bg-text ring-1 ring-raised"
          style={{ left: percent(promised, scale) }}
        />
      )}
    </span>
  )
}

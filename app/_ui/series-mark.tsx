import { cx } from './cx'
import { isDashed, seriesColor } from './series'

/** The piece of line that stands for one thing in charts: beside its name, wherever the name stands. */
export function SeriesMark({ index, className }: { index: number; className?: string }) {
  return (
    <svg aria-hidden viewBox="0 0 14 4" className={cx('h-1 w-3.5 shrink-0', className)}>
      <line
        x1={1.5}
        y1={2}
        x2={12.5}
        y2={2}
        stroke={seriesColor(index)}
        strokeWidth={3}
        strokeLinecap={isDashed(index) ? 'butt' : 'round'}
        strokeDasharray={isDashed(index) ? '4 2' : undefined}
      />
    </svg>
  )
}

import type { ReactNode } from 'react'
import { cx } from './cx'

export type Fact = { label: ReactNode; value: ReactNode; mono?: boolean }

/** Names and values in two columns: what a thing is. */
export function Facts({ facts, className }: { facts: readonly Fact[]; className?: string }) {
  return (
    <dl
      className={cx(
        'grid grid-cols-[minmax(6.5rem,max-content)_minmax(0,1fr)] gap-x-6 gap-y-2 text-sm max-sm:gap-x-4',
        className,
      )}
    >
      {facts.map(({ label, value, mono = false }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: facts are a fixed list that never moves
        <div key={index} className="contents">
          <dt className="text-muted">{label}</dt>
          <dd className={cx('wrap-anywhere min-w-0 text-text', mono && 'font-mono')}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

import type { ReactNode } from 'react'
import { cx } from './cx'

export type Fact = { label: ReactNode; value: ReactNode; mono?: boolean }

/** Names and values in two columns: what a thing is. */
export function Facts({ facts, className }: { facts: readonly Fact[]; className?: string }) {
  return (
    <dl
      className={cx(
        'grid grid-cols-[minmax(7rem,max-content)_minmax(0,1fr)] gap-x-6 gap-y-2 text-sm max-sm:grid-cols-1 max-sm:gap-y-0',
        className,
      )}
    >
      {facts.map(({ label, value, mono = false }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: facts are a fixed list that never moves
        <div key={index} className="contents">
          <dt className="text-muted max-sm:pt-2">{label}</dt>
          <dd className={cx('min-w-0 break-words text-text', mono && 'font-mono')}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

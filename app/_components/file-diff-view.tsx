'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { cx } from '@/app/_ui/cx'
import type { DiffRow, FileDiff } from './file-diff'

/** More lines than this are read by nobody at first sight. */
const SHOWN = 60

const LOOK: Record<DiffRow['sign'], { ground: string; sign: string }> = {
  '+': { ground: 'bg-ok-soft', sign: 'text-ok' },
  '-': { ground: 'bg-bad-soft', sign: 'text-bad' },
  ' ': { ground: '', sign: 'text-muted' },
}

const TAG = { '+': 'ins', '-': 'del', ' ': 'span' } as const

function Row({ row }: { row: DiffRow }) {
  const t = useTranslations('saves.diff')
  const { sign, line, text, isOpenEnd } = row
  const Tag = TAG[sign]
  return (
    <Tag className={cx('flex min-w-max no-underline', LOOK[sign].ground)}>
      <span
        aria-hidden
        className="w-9 shrink-0 select-none pr-2 text-right text-muted max-sm:hidden"
      >
        {line}
      </span>
      <span className={cx('w-5 shrink-0 select-none text-center', LOOK[sign].sign)}>
        {sign === '-' ? '−' : sign}
      </span>
      <span className="whitespace-pre pr-3">{text === '' ? ' ' : text}</span>
      {isOpenEnd === true && (
        <span className="select-none pr-3 font-sans text-muted">{t('openEnd')}</span>
      )}
    </Tag>
  )
}

function Gap({ lines }: { lines: number }) {
  const t = useTranslations('saves.diff')
  if (lines === 0) return null
  return (
    <span className="block select-none border-y border-dashed bg-raised px-3 font-sans text-muted text-xs leading-6 first:border-t-0 last:border-b-0">
      {t('skipped', { count: lines })}
    </span>
  )
}

/** Keeps the first `count` lines of a diff. */
function cut(hunks: FileDiff['hunks'], count: number): FileDiff['hunks'] {
  let left = count
  return hunks.flatMap((hunk) => {
    if (left <= 0) return []
    const rows = hunk.rows.slice(0, left)
    left -= rows.length
    return [{ ...hunk, rows }]
  })
}

/** What changes in a file, line by line; a long one is shown in part until asked for. */
export function FileDiffView({ diff, path }: { diff: FileDiff; path: string }) {
  const t = useTranslations('saves.diff')
  const [isWhole, setWhole] = useState(false)
  const total = diff.hunks.reduce((sum, { rows }) => sum + rows.length, 0)
  const isCut = !isWhole && total > SHOWN
  const hunks = isCut ? cut(diff.hunks, SHOWN) : diff.hunks
  if (total === 0)
    return <p className="text-muted text-sm">{t(diff.to === 'absent' ? 'emptyGone' : 'empty')}</p>
  return (
    <section
      aria-label={t('label', { path })}
      className="min-w-0 overflow-clip rounded-control border bg-sunken"
    >
      <pre
        // A block that scrolls must be reachable by keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1 wants scrollable regions focusable
        tabIndex={0}
        className="overflow-x-auto font-mono text-sm"
      >
        <code className="block min-w-max">
          {hunks.map(({ skipped, rows }) => (
            <span key={`${rows[0]?.sign}${rows[0]?.line}`} className="block">
              <Gap lines={skipped} />
              {rows.map((row) => (
                <Row key={`${row.sign}${row.line}`} row={row} />
              ))}
            </span>
          ))}
          {!isCut && <Gap lines={diff.rest} />}
        </code>
      </pre>
      {isCut && (
        <div className="border-t bg-raised px-2 py-1">
          <Button size="sm" variant="quiet" icon="chevron-down" onClick={() => setWhole(true)}>
            {t('showAll', { count: total })}
          </Button>
        </div>
      )}
    </section>
  )
}

/** How many lines come and go: `+12 −3`. */
export function DiffCount({ diff }: { diff: Pick<FileDiff, 'added' | 'removed' | 'from' | 'to'> }) {
  const t = useTranslations('saves.diff')
  const { added, removed } = diff
  const fate = diff.from === 'absent' ? 'isNew' : diff.to === 'absent' ? 'isGone' : undefined
  return (
    <span className="inline-flex items-baseline gap-2 whitespace-nowrap text-sm">
      <span aria-hidden className="font-mono">
        {added > 0 && <span className="text-ok">+{added}</span>}
        {added > 0 && removed > 0 && ' '}
        {removed > 0 && <span className="text-bad">−{removed}</span>}
      </span>
      <span className="sr-only">{t('count', { added, removed })}</span>
      {fate !== undefined && <span className="text-muted">{t(fate)}</span>}
    </span>
  )
}

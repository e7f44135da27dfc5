'use client'

import { useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'
import { cx } from './cx'
import { Icon } from './icon'

/** How long the tick stays: shorter is missed, longer hides that a second click worked. */
const TICK_MS = 1600

function copyByHand(text: string): boolean {
  const area = document.createElement('textarea')
  area.value = text
  area.style.position = 'fixed'
  document.body.append(area)
  area.select()
  // Deprecated, and the only way on plain http beside localhost, where navigator.clipboard does not exist.
  const isDone = document.execCommand('copy')
  area.remove()
  return isDone
}

async function copy(text: string): Promise<boolean> {
  if (navigator.clipboard === undefined) return copyByHand(text)
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => copyByHand(text),
  )
}

/** Copies a text. `label` says what, e.g. "Copy the command". */
export function CopyButton({
  text,
  label,
  className,
}: {
  text: string
  label?: string | undefined
  className?: string | undefined
}) {
  const t = useTranslations('common.copy')
  const [outcome, setOutcome] = useState<'idle' | 'done' | 'failed'>('idle')
  useEffect(() => {
    if (outcome === 'idle') return
    const timer = setTimeout(() => setOutcome('idle'), TICK_MS)
    return () => clearTimeout(timer)
  }, [outcome])
  const name = outcome === 'idle' ? (label ?? t('label')) : t(outcome)
  return (
    <button
      type="button"
      aria-label={name}
      title={name}
      onClick={() => void copy(text).then((isDone) => setOutcome(isDone ? 'done' : 'failed'))}
      className={cx(
        'inline-flex size-7 shrink-0 items-center justify-center rounded-control text-muted transition-colors hover:bg-hover hover:text-text pointer-coarse:size-11',
        className,
      )}
    >
      <Icon
        name={outcome === 'done' ? 'check' : outcome === 'failed' ? 'warn' : 'copy'}
        size={14}
        className={outcome === 'done' ? 'text-ok' : ''}
      />
      <span aria-live="polite" className="sr-only">
        {outcome === 'idle' ? '' : name}
      </span>
    </button>
  )
}

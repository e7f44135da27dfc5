'use client'

import { useState } from 'react'
import { buttonClass } from '@/app/_ui/button-class'
import { Icon } from '@/app/_ui/icon'
import { FOLD_COOKIE } from './fold'

/** A year: how I like my sidebar does not change with the session. */
const YEAR = 365 * 86_400

/** Folds the sidebar to icons, and remembers it in a cookie, so that the server draws it so the next time. */
export function FoldButton({
  folded,
  fold,
  unfold,
}: {
  /** As the server drew it. */
  folded: boolean
  fold: string
  unfold: string
}) {
  const [isFolded, setFolded] = useState(folded)
  const toggle = () => {
    const next = !isFolded
    document.querySelector('[data-shell]')?.setAttribute('data-folded', String(next))
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and on plain http
    document.cookie = `${FOLD_COOKIE}=${next}; path=/; max-age=${YEAR}; samesite=lax`
    setFolded(next)
  }
  const label = isFolded ? unfold : fold
  return (
    <button
      type="button"
      onClick={toggle}
      aria-label={label}
      title={label}
      className={`${buttonClass('quiet', 'icon')} folded:w-full`}
    >
      <Icon name="sidebar" />
    </button>
  )
}

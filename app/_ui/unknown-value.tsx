'use client'

import { Tooltip } from './tooltip'

/** Stands where a value is not known, with the reason: a dash on hatched ground, never 0. */
export function UnknownValue({ reason }: { reason: string }) {
  return (
    <Tooltip text={reason}>
      <span className="hatched inline-block min-w-7 rounded-chip bg-unknown-soft px-1.5 text-center text-unknown">
        <span aria-hidden className="rounded-[2px] bg-unknown-soft px-0.5">
          —
        </span>
        <span className="sr-only">{reason}</span>
      </span>
    </Tooltip>
  )
}

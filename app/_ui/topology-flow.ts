/** One dash and its gap, in pixels. */
export const DASH_PERIOD = 16

/** More dashes a second than this flicker instead of flowing. */
const MAX_DASHES_PER_SECOND = 12

/** A scale is kept until the dashes are this much too many or too few: it must not flap with every reading. */
const KEEP_UP_TO = 1.5
const KEEP_DOWN_TO = 0.06

/**
 * Tells how many events one dash stands for (1, 10, 100 …), so that the busiest edge still flows. `previous` is kept
 * where it still does.
 */
export function eventsPerDash(perSecond: number, previous?: number): number {
  const dashes = previous === undefined ? undefined : perSecond / previous / MAX_DASHES_PER_SECOND
  if (previous !== undefined && dashes !== undefined)
    if (dashes <= KEEP_UP_TO && (dashes > KEEP_DOWN_TO || previous === 1)) return previous
  let events = 1
  while (perSecond / events > MAX_DASHES_PER_SECOND) events *= 10
  return events
}

const THINNEST = 1.5
const THICKEST = 9

/** The width of an edge in pixels: in proportion to its part of all that flows. */
export function edgeWidth(perSecond: number | undefined, total: number): number {
  if (perSecond === undefined || total <= 0) return THINNEST
  return THINNEST + (THICKEST - THINNEST) * Math.min(1, perSecond / total)
}

/** The centre of the n-th of `count` rows, when all are equally high. */
export function rowCentre(row: number, rowHeight: number, gap: number): number {
  return row * (rowHeight + gap) + rowHeight / 2
}

/** The height of a column of rows. */
export function columnHeight(count: number, rowHeight: number, gap: number): number {
  return count * rowHeight + Math.max(0, count - 1) * gap
}

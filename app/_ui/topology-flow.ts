/** One dash and its gap, in pixels. */
export const DASH_PERIOD = 16

/** More dashes a second than this flicker instead of flowing. */
const MAX_DASHES_PER_SECOND = 12

/** Tells how many events one dash stands for (1, 10, 100 …), so that the busiest edge still flows. */
export function eventsPerDash(perSecond: number): number {
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

/** How many hues there are; after them they repeat, dashed. */
const HUES = 8

/** The colour of the n-th thing of a page (from 0), for CSS; globals.css has it in light and dark. */
export function seriesColor(index: number): string {
  return `var(--color-series-${(index % HUES) + 1})`
}

/** Tells whether the n-th thing repeats a hue, and is told apart by a dash. */
export function isDashed(index: number): boolean {
  return index >= HUES
}

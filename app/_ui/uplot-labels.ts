/**
 * Moves labels apart that would stand on each other: each at least `gap` from the next, all between `top` and
 * `bottom`, as near to where it belongs as that allows. Gives positions in the order of `wanted`.
 */
export function spreadLabels(
  wanted: readonly number[],
  { gap, top, bottom }: { gap: number; top: number; bottom: number },
): number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => at(wanted, a) - at(wanted, b))
  const places = [...wanted]
  let floor = top
  for (const index of order) {
    places[index] = Math.max(at(places, index), floor)
    floor = at(places, index) + gap
  }
  let ceiling = bottom
  for (const index of order.toReversed()) {
    places[index] = Math.min(at(places, index), ceiling)
    ceiling = at(places, index) - gap
  }
  return places
}

const at = (list: readonly number[], index: number) => list[index] ?? 0

/** The smallest round number of 1, 2, 5, 10, 20 … that an axis for counts up to `max` can end at. */
export function niceMax(max: number): number {
  if (max <= 4) return 4
  const magnitude = 10 ** Math.floor(Math.log10(max))
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((each) => each * magnitude >= max * 1.05) ?? 15
  return Math.ceil(step * magnitude)
}

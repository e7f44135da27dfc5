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

/**
 * Chooses which of the labels at marks can stand beside their lines without touching another: the last of them first,
 * because what happened last matters most. Each stands right of its mark, or left of it beyond `turn`.
 */
export function freeLabels(
  labels: readonly { x: number; width: number }[],
  { gap, turn }: { gap: number; turn: number },
): { index: number; side: 'left' | 'right' }[] {
  const taken: { from: number; to: number }[] = []
  const order = labels.map((label, index) => ({ ...label, index })).sort((a, b) => b.x - a.x)
  return order.flatMap(({ x, width, index }) => {
    const side = x > turn ? 'left' : 'right'
    const from = side === 'left' ? x - gap - width : x + gap
    const span = { from: from - gap, to: from + width + gap }
    if (taken.some((other) => span.from < other.to && other.from < span.to)) return []
    taken.push(span)
    return [{ index, side } as const]
  })
}

const at = (list: readonly number[], index: number) => list[index] ?? 0

/** The smallest round number of 1, 2, 5, 10, 20 … that an axis for counts up to `max` can end at. */
export function niceMax(max: number): number {
  if (max <= 4) return 4
  const magnitude = 10 ** Math.floor(Math.log10(max))
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((each) => each * magnitude >= max * 1.05) ?? 15
  return Math.ceil(step * magnitude)
}

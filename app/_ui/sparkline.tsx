/** One value per equal step of time; `undefined` where nothing was read. */
export type Samples = readonly (number | undefined)[]

/** Writes the path of a line with a gap where a sample is missing: a gap is no zero and no bridge. */
export function sparkPath(values: Samples, width: number, height: number, max: number): string {
  const step = values.length > 1 ? width / (values.length - 1) : 0
  const scale = max > 0 ? height / max : 0
  return values
    .map((value, index) => {
      if (value === undefined) return ''
      const command = index === 0 || values[index - 1] === undefined ? 'M' : 'L'
      return `${command}${round(index * step)} ${round(height - value * scale)}`
    })
    .join('')
}

const round = (value: number) => Math.round(value * 10) / 10

const WIDTH = 96
const HEIGHT = 22

/** A line the size of a word: whether it goes up or down. `label` says in words what it shows. */
export function Sparkline({ values, label }: { values: Samples; label: string }) {
  const known = values.filter((value) => value !== undefined)
  const max = Math.max(...known, 1)
  const last = values.at(-1)
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`-2 -2 ${WIDTH + 4} ${HEIGHT + 4}`}
      className="h-[26px] w-[100px] shrink-0 overflow-visible"
    >
      <title>{label}</title>
      <path
        d={sparkPath(values, WIDTH, HEIGHT, max)}
        fill="none"
        strokeWidth={1.5}
        strokeLinecap="round"
        strokeLinejoin="round"
        className="stroke-accent"
      />
      {last !== undefined && (
        <circle cx={WIDTH} cy={HEIGHT - (last * HEIGHT) / max} r={2} className="fill-accent" />
      )}
    </svg>
  )
}

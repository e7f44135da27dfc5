/** Counts of one moment; none at all while the director could not be read. */
export type HistorySample = {
  /** Milliseconds since 1970. */
  at: number
  /** Active connections by service and real server (historyKey); a key that is missing was not in the table. */
  active?: ReadonlyMap<string, number>
}

export type HistoryColumns = [times: number[], ...values: (number | null)[][]]

/** Names the counts of a real server in a service. */
export const historyKey = (service: string, realServer: string): string =>
  `${service} ${realServer}`

/** Longer than this without a sample is a gap: several ticks were missed, not one that came late. */
export const GAP_MS = 10_000

/** The recent past of a cluster: what a chart is drawn from. Grows at its end, forgets at its beginning. */
export class CountHistory {
  #samples: HistorySample[] = []
  readonly #keepMs: number

  constructor(keepMs: number) {
    this.#keepMs = keepMs
  }

  /** When the newest sample was taken. */
  get lastAt(): number | undefined {
    return this.#samples.at(-1)?.at
  }

  /** Adds a sample; one that is not newer than the last is one that came twice. */
  push(sample: HistorySample): void {
    const last = this.#samples.at(-1)
    if (last !== undefined && sample.at <= last.at) return
    this.#samples.push(sample)
    const oldest = sample.at - this.#keepMs
    const keep = this.#samples.findIndex(({ at }) => at >= oldest)
    if (keep > 0) this.#samples.splice(0, keep)
  }

  /**
   * Writes the counts of some real servers as columns over time (in seconds), up to `now`; `null` where nothing was
   * read.
   */
  columns(service: string, realServers: readonly string[], now?: number): HistoryColumns {
    const keys = realServers.map((id) => historyKey(service, id))
    const times: number[] = []
    const values = keys.map((): (number | null)[] => [])
    let before: number | undefined
    const add = (at: number, active: HistorySample['active']) => {
      times.push(at / 1000)
      for (const [row, key] of keys.entries()) values[row]?.push(active?.get(key) ?? null)
    }
    for (const { at, active } of this.#samples) {
      if (before !== undefined && at - before > GAP_MS) add(before + 1, undefined)
      add(at, active)
      before = at
    }
    if (now !== undefined && before !== undefined && now - before > GAP_MS) add(now, undefined)
    return [times, ...values]
  }

  /** Reads what a count was at a moment: that of the sample before it, if there is one near enough. */
  valueAt(key: string, at: number): number | undefined {
    const sample = this.#samples.findLast((each) => each.at <= at)
    if (sample === undefined || at - sample.at > GAP_MS) return undefined
    return sample.active?.get(key)
  }

  /** Tells the lowest and the highest count of a real server. */
  range(key: string): { lowest: number; highest: number } | undefined {
    const counts = this.#samples.flatMap(({ active }) => active?.get(key) ?? [])
    if (counts.length === 0) return undefined
    return { lowest: Math.min(...counts), highest: Math.max(...counts) }
  }
}

/** What Next gives a page of its address after the `?`. */
export type SearchParams = Promise<Record<string, string | string[] | undefined>>

/** Reads one value; of a name that is given several times the first. */
export function firstOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}

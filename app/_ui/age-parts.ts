export type AgeUnit = 'now' | 'seconds' | 'minutes' | 'hours' | 'days'

/** Splits an age in milliseconds into the one unit in which a person would say it. */
export function ageParts(ms: number): { unit: AgeUnit; count: number } {
  const seconds = Math.floor(ms / 1000)
  // The clocks of server and browser differ a little: a small negative age is "now".
  if (seconds < 1) return { unit: 'now', count: 0 }
  if (seconds < 60) return { unit: 'seconds', count: seconds }
  if (seconds < 3600) return { unit: 'minutes', count: Math.floor(seconds / 60) }
  if (seconds < 86_400) return { unit: 'hours', count: Math.floor(seconds / 3600) }
  return { unit: 'days', count: Math.floor(seconds / 86_400) }
}

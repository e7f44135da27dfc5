/** Joins class names, leaving out what is absent. */
export function cx(...names: (string | false | undefined)[]): string {
  return names.filter((name) => name !== undefined && name !== false && name !== '').join(' ')
}

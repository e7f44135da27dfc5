/**
 * Remembers what was made of each value, as long as the value itself is held by somebody. Only for values that never
 * change: everything that the planner is given.
 */
export function memo<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, { value: V }>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known.value
    const value = make(key)
    made.set(key, { value })
    return value
  }
}

/** A tree of what a form sent: names with dots are paths, numbers among them are places in a list. */
export type FormTree = { [name: string]: FormTree | string | readonly string[] }

/** React's own fields of a server action. */
const isOurs = (name: string) => !name.startsWith('$ACTION')

/** Names that would reach an object's prototype; no form of ours has them. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype'])

function put(tree: FormTree, path: readonly string[], value: string | readonly string[]): void {
  const [name, ...rest] = path
  if (name === undefined || FORBIDDEN.has(name)) return
  if (rest.length === 0) {
    tree[name] = value
    return
  }
  const child = tree[name]
  const branch = typeof child === 'object' && !Array.isArray(child) ? (child as FormTree) : {}
  tree[name] = branch
  put(branch, rest, value)
}

/** Makes lists of the branches whose names are all numbers, in their order; holes close. */
function withLists(node: FormTree | string | readonly string[]): unknown {
  if (typeof node === 'string' || Array.isArray(node)) return node
  const entries = Object.entries(node)
  const isList = entries.length > 0 && entries.every(([name]) => /^\d+$/.test(name))
  const children = entries.map(([name, child]) => [name, withLists(child)] as const)
  if (!isList) return Object.fromEntries(children)
  return children.sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child)
}

/**
 * Parses what a form sent: `realServers.0.rip` becomes `{ realServers: [{ rip }] }`, a name sent several times
 * becomes a list. A form numbers its rows without holes, so that errors find their fields. Files are left out: no
 * form of ours sends one.
 */
export function parseFormData(data: FormData): unknown {
  const tree: FormTree = {}
  for (const name of new Set([...data.keys()].filter(isOurs))) {
    const texts = data.getAll(name).filter((value) => typeof value === 'string')
    const [first, ...others] = texts
    if (first === undefined) continue
    put(tree, name.split('.'), others.length === 0 ? first : texts)
  }
  return withLists(tree)
}

/** Reads what a form sent as it was typed, without `secrets`, to fill the form in again. */
export function typedValues(data: FormData, secrets: readonly string[]): Record<string, string> {
  const entries = [...data.entries()].filter(([name]) => isOurs(name) && !secrets.includes(name))
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
}

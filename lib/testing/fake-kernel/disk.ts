import { posix } from 'node:path'
import type { KernelState } from './state'

/** Linux gives up after so many links (ELOOP). */
const MOST_LINKS = 40

/** Follows symbolic links in the path and at its end, as the kernel does. */
export function resolve(state: KernelState, path: string, left = MOST_LINKS): string {
  let at = ''
  const names = path.split('/').filter((name) => name !== '')
  for (const [index, name] of names.entries()) {
    at = `${at}/${name}`
    const target = state.links[at]
    if (target === undefined || left === 0) continue
    const rest = names.slice(index + 1).join('/')
    return resolve(state, posix.join(posix.resolve(posix.dirname(at), target), rest), left - 1)
  }
  return at
}

/** Gives the place of a path itself: links in its folders are followed, one at its end is not. */
export function placeOf(state: KernelState, path: string): string {
  return posix.join(resolve(state, posix.dirname(path)), posix.basename(path))
}

/** Reads a file's text through links; `undefined` when there is no regular file. */
export function textAt(state: KernelState, path: string): string | undefined {
  return state.files[resolve(state, path)]
}

/** Tells a link's target; `undefined` when the path is no link. */
export function linkAt(state: KernelState, path: string): string | undefined {
  return state.links[placeOf(state, path)]
}

/** Lists what matches a pattern of the shell, links that lead nowhere included, in the order of the shell. */
export function glob(state: KernelState, pattern: string): string[] {
  const folder = posix.dirname(pattern)
  const wild = (word: string) =>
    new RegExp(`^${word.replace(/[.+^$()|\\]/g, '\\$&').replaceAll('*', '[^/]*')}$`)
  const named = wild(pattern)
  // /lib/sysctl.d/*.conf where /lib is a link to /usr/lib
  const real = resolve(state, folder)
  const linked = real === folder ? undefined : wild(`${real}/${posix.basename(pattern)}`)
  const seen = new Set<string>()
  for (const path of [...Object.keys(state.files), ...Object.keys(state.links)]) {
    if (named.test(path)) seen.add(path)
    if (linked?.test(path)) seen.add(`${folder}${path.slice(real.length)}`)
  }
  return [...seen].sort()
}

/** Tells whether a plain user may read a file. */
export function isReadable(state: KernelState, path: string): boolean {
  return Number(state.modes[resolve(state, path)]?.at(-1) ?? 4) >= 4
}

/** Tells whether a file may be run. */
export function isExecutable(state: KernelState, path: string): boolean {
  return /[1357]/.test(state.modes[resolve(state, path)] ?? '644')
}

/** Writes a file whole; an old one keeps its mode. */
export function putText(state: KernelState, path: string, text: string, mode = '644'): void {
  const place = placeOf(state, path)
  if (state.files[place] === undefined && mode !== '644') state.modes[place] = mode
  state.files[place] = text
}

/** Takes away a file or a link, not what it points to; false when there is none. */
export function removePath(state: KernelState, path: string): boolean {
  const place = placeOf(state, path)
  const was = state.files[place] !== undefined || state.links[place] !== undefined
  delete state.files[place]
  delete state.links[place]
  delete state.modes[place]
  return was
}

/** Renames a file with its mode; false when there is none. */
export function movePath(state: KernelState, from: string, to: string): boolean {
  const [source, target] = [placeOf(state, from), placeOf(state, to)]
  const text = state.files[source]
  if (text === undefined) return false
  const mode = state.modes[source]
  removePath(state, from)
  removePath(state, to)
  state.files[target] = text
  if (mode !== undefined) state.modes[target] = mode
  return true
}

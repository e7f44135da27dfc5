import { spawnSync } from 'node:child_process'
import { linkAt, movePath, placeOf, putText, removePath, textAt } from './disk'
import { type Context, done, failed, type KernelState, type Output } from './state'

const sums = new Map<string, string>()

/** Asks this machine's own cksum(1): a sum of our own could be wrong in the way of the one that it is compared with. */
function cksum(text: string): string {
  const known = sums.get(text)
  if (known !== undefined) return known
  const sum = spawnSync('cksum', { input: text, encoding: 'utf8' }).stdout.trim()
  sums.set(text, sum)
  return sum
}

/** Says why nothing can be written; `undefined` on a disk that is fine. */
export function hindrance({ disk }: KernelState): string | undefined {
  if (disk === 'full') return 'No space left on device'
  return disk === 'read-only' ? 'Read-only file system' : undefined
}

const isFolder = ({ files }: KernelState, path: string) =>
  Object.keys(files).some((each) => each.startsWith(`${path}/`))

/** Looks at the place first, as each of the scripts does; gives the sum of what is there, or how the script ends. */
function look(state: KernelState, path: string): string | Output {
  if (linkAt(state, path) !== undefined) return failed(71, `${path} is a symbolic link`)
  if (isFolder(state, placeOf(state, path))) return failed(71, `${path} is no regular file`)
  const text = textAt(state, path)
  return text === undefined ? 'absent' : cksum(text)
}

const moved = (path: string, now: string, was: string) =>
  failed(72, `${path} is not as it was read: it is ${now}, and was ${was} (cksum)`)

/** tunboard-put PATH WAS MODE BECOMES, the text on standard input */
function put(
  { state, stdin }: Context,
  [path = '', was = '', mode, becomes = '']: string[],
): Output {
  const now = look(state, path)
  if (typeof now !== 'string') return now
  if (now === becomes) return done()
  if (now !== was) return moved(path, now, was)
  const size = Number(becomes.split(' ')[1])
  const text = Buffer.from(stdin).subarray(0, size).toString('utf8')
  const why = hindrance(state)
  if (why !== undefined) {
    return { exit: 73, stdout: '', stderr: `cp: ${path}: ${why}\n${path} was not written\n` }
  }
  if (cksum(text) !== becomes) return failed(73, `${path} was not written`)
  const old = textAt(state, path)
  if (old !== undefined) {
    const kept = state.modes[placeOf(state, path)]
    removePath(state, `${path}.tunboard-bak`)
    putText(state, `${path}.tunboard-bak`, old, kept)
  }
  putText(state, path, text, mode)
  return done()
}

/** tunboard-remove PATH WAS */
function remove({ state }: Context, [path = '', was = '']: string[]): Output {
  const now = look(state, path)
  if (typeof now !== 'string') return now
  if (now === 'absent') return done()
  if (now !== was) return moved(path, now, was)
  if (state.disk === 'read-only') return failed(73, `${path} was not removed`)
  movePath(state, path, `${path}.tunboard-bak`)
  return done()
}

/** tunboard-purge PATH WAS */
function purge({ state }: Context, [path = '', was = '']: string[]): Output {
  const now = look(state, path)
  if (typeof now !== 'string') return now
  if (now !== 'absent' && now !== was) return moved(path, now, was)
  const traces = [path, `${path}.tunboard-bak`].filter((each) => textAt(state, each) !== undefined)
  if (traces.length > 0 && state.disk === 'read-only') return failed(73, `${path} was not removed`)
  for (const each of traces) removePath(state, each)
  return done()
}

const SCRIPTS: Record<string, (context: Context, words: string[]) => Output> = {
  'tunboard-put': put,
  'tunboard-remove': remove,
  'tunboard-purge': purge,
}

/** sh -c SCRIPT NAME ARGUMENT…: a script cannot be imitated by looking at it, but its name says which it is. */
export function sh(context: Context, argv: readonly string[]): Output {
  const [, flag, , name = '', ...words] = argv
  const run = SCRIPTS[name]
  if (flag !== '-c' || run === undefined) return failed(127, `sh: this fake host knows no ${name}`)
  if (!context.root) return failed(73, `${words[0]} cannot be locked`)
  return run(context, words)
}

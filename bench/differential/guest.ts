import type { Output } from '@/lib/testing/fake-kernel/state'
import type { Call } from './sequence'

/** No command prints such a line. */
const MARK = '@@'

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`

/** Writes one call; a here-document always ends its last line, so a text that does not comes through a pipe. */
function commandOf({ argv, stdin }: Call): string {
  const command = argv.map(quoted).join(' ')
  if (stdin === undefined) return `${command} </dev/null`
  if (stdin.endsWith('\n')) return `${command} <<'@END@'\n${stdin}@END@`
  return `printf %s ${quoted(stdin)} | ${command}`
}

/** Frames a call on both outputs; the marks are the shell's own, they fork nothing. */
const scriptOf = (call: Call): string =>
  `${commandOf(call)}\necho "${MARK} $?"; echo "${MARK}" >&2\n`

/** Writes a script for sh(1) that runs all calls one after the other, whatever comes of each. */
export const scriptFor = (calls: readonly Call[]): string => calls.map(scriptOf).join('')

/** Takes apart what the script printed: one output a call. Throws where one is missing, as after a hang. */
export function parseOutputs(stdout: string, stderr: string, count: number): Output[] {
  const outs = stdout.split(new RegExp(`^${MARK} (\\d+)\\n`, 'm'))
  const errors = stderr.split(new RegExp(`^${MARK}\\n`, 'm'))
  if (outs.length !== 2 * count + 1 || errors.length !== count + 1)
    throw new Error(`${(outs.length - 1) / 2} of ${count} commands ended: ${stderr.slice(-200)}`)
  return Array.from({ length: count }, (_, at) => ({
    exit: Number(outs[2 * at + 1]),
    stdout: outs[2 * at] ?? '',
    stderr: errors[at] ?? '',
  }))
}

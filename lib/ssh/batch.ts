import { InvalidInput } from '@/lib/errors'
import { quote } from './quote'

/** One command to run on a host: program and arguments, never a shell string. */
export type Command = {
  argv: readonly string[]
  /** What it reads on standard input, e.g. the lines of `ipvsadm -R`; a newline is added at the end if missing. */
  stdin?: string
  /** How long it may take on the host; 8 s unless told: longer hides a hang, shorter cuts a slow modprobe. */
  timeoutSeconds?: number
  /** Needs root: runs under `sudo -n` where the user is not root and the host is set to use sudo. */
  root?: boolean
  /** Its failure does not stop the batch. */
  mayFail?: boolean
}

export const DEFAULT_TIMEOUT_SECONDS = 8

function runLine(command: Command, index: number, sudo: boolean): string {
  const fail = command.mayFail === true ? 'go' : 'stop'
  const seconds = command.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS
  const as = command.root === true && sudo ? 'sudo' : 'plain'
  return `tb_run ${index} ${fail} ${seconds} ${as} ${quote(command.argv)}`
}

/** A here-document whose end no text can hold by chance: the nonce is random and unknown to the host before. */
function input(command: Command, nonce: string): string {
  if (command.stdin === undefined) return ' </dev/null\n'
  if (command.stdin.includes('\0') || command.stdin.includes(nonce)) {
    throw new InvalidInput({}, 'quote.control-character', { word: 'stdin' })
  }
  const text = command.stdin.endsWith('\n') ? command.stdin : `${command.stdin}\n`
  return ` <<'${nonce}'\n${text}${nonce}\n`
}

/** Which apply holds the fence of a host: `token` tells it apart, `who` is for people who meet it there. */
export type Fence = { token: string; who: string }

/** What one exchange does, in this order. */
export type Work = {
  /** `take`: holds the fence from now on. `check`: without it no command runs. */
  fence?: Fence & { do: 'take' | 'check' }
  commands?: readonly Command[]
  /** The lean read afterwards, whatever became of the commands; `saved` = and what a reboot would read. */
  read?: { saved: boolean }
  /** Gives the fence back. */
  give?: boolean
}

function fenceLine({ do: way, token, who }: NonNullable<Work['fence']>): string {
  const words = way === 'take' ? quote([token, who]) : quote([token])
  return `${way === 'take' ? 'tb_lock' : 'tb_fence'} ${words} </dev/null\n`
}

/**
 * Writes an exchange for the shell of the prelude as ONE compound command: a shell runs it only when all of it has arrived,
 * so a connection that breaks in the middle of sending cannot run half a command line. Throws InvalidInput from `quote`.
 */
export function workScript(work: Work, nonce: string, sudo: boolean): string {
  const { fence, commands = [], read, give = false } = work
  const calls = read === undefined ? [] : read.saved ? ['tb_read', 'tb_saved'] : ['tb_read']
  const lines = [
    ...(fence === undefined ? [] : [fenceLine(fence)]),
    ...commands.map((each, index) => runLine(each, index, sudo) + input(each, nonce)),
    ...calls.map((call) => `${call} ${sudo ? 'sudo' : 'plain'} </dev/null\n`),
    ...(give ? ['tb_unlock </dev/null\n'] : []),
  ]
  return `{\ntb_begin ${nonce}\n${lines.join('')}tb_end\n}\n`
}

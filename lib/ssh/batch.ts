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

/**
 * Writes a batch for the shell of the prelude as ONE compound command: a shell runs it only when all of it has arrived,
 * so a connection that breaks in the middle of sending cannot run half a command line. Throws InvalidInput from `quote`.
 */
export function batchScript(commands: readonly Command[], nonce: string, sudo: boolean): string {
  const runs = commands.map((each, index) => runLine(each, index, sudo) + input(each, nonce))
  return `{\ntb_begin ${nonce}\n${runs.join('')}tb_end\n}\n`
}

/** Writes the lean read for the shell of the prelude; `saved` = and what a reboot would read. */
export function readScript(nonce: string, sudo: boolean, saved: boolean): string {
  const calls = saved ? ['tb_read', 'tb_saved'] : ['tb_read']
  const reads = calls.map((call) => `${call} ${sudo ? 'sudo' : 'plain'} </dev/null\n`)
  return `{\ntb_begin ${nonce}\n${reads.join('')}tb_end\n}\n`
}

import { gzipSync } from 'node:zlib'
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

/** Less is not worth the two processes that unpack it. */
const PACKED_FROM = 8 * 1024

const isLong = ({ stdin = '' }: Command): boolean => stdin.length >= PACKED_FROM

function runLine(command: Command, index: number, { sudo, packs }: HostShell): string {
  const fail = command.mayFail === true ? 'go' : 'stop'
  const seconds = command.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS
  const as = command.root === true && sudo ? 'sudo' : 'plain'
  const call = packs && isLong(command) ? 'tb_packed' : 'tb_run'
  return `${call} ${index} ${fail} ${seconds} ${as} ${quote(command.argv)}`
}

/** A here-document whose end no text can hold by chance: the nonce is random and unknown to the host before. */
function input(command: Command, nonce: string, packs: boolean): string {
  if (command.stdin === undefined) return ' </dev/null\n'
  if (command.stdin.includes('\0') || command.stdin.includes(nonce)) {
    throw new InvalidInput({}, 'quote.control-character', { word: 'stdin' })
  }
  const text = command.stdin.endsWith('\n') ? command.stdin : `${command.stdin}\n`
  const sent = packs && isLong(command) ? `${gzipSync(text).toString('base64')}\n` : text
  return ` <<'${nonce}'\n${sent}${nonce}\n`
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

/** What of a host's shell decides how an exchange is written. */
export type HostShell = {
  /** Its user needs sudo for root's work. */
  sudo: boolean
  /** It has said that it unpacks long standard input. */
  packs: boolean
}

function fenceLine({ do: way, token, who }: NonNullable<Work['fence']>): string {
  const words = way === 'take' ? quote([token, who]) : quote([token])
  return `${way === 'take' ? 'tb_lock' : 'tb_fence'} ${words} </dev/null\n`
}

/**
 * Writes an exchange for the shell of the prelude as ONE compound command: a shell runs it only when all of it has arrived,
 * so a connection that breaks in the middle of sending cannot run half a command line. Throws InvalidInput from `quote`.
 */
export function workScript(work: Work, nonce: string, shell: HostShell): string {
  const { fence, commands = [], read, give = false } = work
  const calls = read === undefined ? [] : read.saved ? ['tb_read', 'tb_saved'] : ['tb_read']
  const lines = [
    ...(fence === undefined ? [] : [fenceLine(fence)]),
    ...commands.map((each, index) => runLine(each, index, shell) + input(each, nonce, shell.packs)),
    ...calls.map((call) => `${call} ${shell.sudo ? 'sudo' : 'plain'} </dev/null\n`),
    ...(give ? ['tb_unlock </dev/null\n'] : []),
  ]
  return `{\ntb_begin ${nonce}\n${lines.join('')}tb_end\n}\n`
}

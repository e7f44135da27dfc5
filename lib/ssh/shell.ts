import { randomBytes } from 'node:crypto'
import { createFrameReader, type Mark } from './frames'
import { PRELUDE } from './prelude'

/** The three streams of a running `/bin/sh`, over SSH or (in tests) of a local process. */
export type ShellTransport = {
  write(text: string): void
  onStdout(listener: (chunk: Buffer) => void): void
  onStderr(listener: (chunk: Buffer) => void): void
  onClose(listener: () => void): void
  /** Says that nothing more will be written. */
  end(): void
  close(): void
}

/** Why an exchange did not reach its end; `unsent`: the shell was gone before a byte of it was written. */
export type Broken = 'unsent' | 'closed' | 'deadline'

type Reader = (stream: 'stdout' | 'stderr', mark: Mark) => void

export type Exchange = {
  /** Writes the script, given the nonce that frames the answer. */
  script: (nonce: string) => string
  /** The most characters kept of each part of the answer. */
  cap: number
  /** After this the channel is closed, because nobody knows what the shell is doing. */
  deadlineMs: number
  onMark: Reader
}

export type WarmShell = {
  /** Runs one exchange, after those that were asked for before; `undefined` = it reached its end. */
  exchange(exchange: Exchange): Promise<Broken | undefined>
  readonly closed: boolean
  /** It unpacks long standard input; not known before its first answer. */
  readonly packs: boolean
  close(): void
}

/** Makes a shell ready that runs scripts one after the other, each answer framed by a nonce of its own. */
export function createShell(transport: ShellTransport): WarmShell {
  let closed = false
  let packs = false
  let queue: Promise<unknown> = Promise.resolve()
  let push: { stdout: (chunk: Buffer) => void; stderr: (chunk: Buffer) => void } | undefined
  let broken: ((why: Broken) => void) | undefined

  transport.onStdout((chunk) => push?.stdout(chunk))
  transport.onStderr((chunk) => push?.stderr(chunk))
  transport.onClose(() => {
    closed = true
    broken?.('closed')
  })
  transport.write(PRELUDE)

  const close = () => {
    closed = true
    transport.close()
  }

  function run({ script, cap, deadlineMs, onMark }: Exchange): Promise<Broken | undefined> {
    if (closed) return Promise.resolve('unsent')
    const nonce = randomBytes(16).toString('hex')
    const text = script(nonce)
    return new Promise((resolve) => {
      const ended = new Set<string>()
      const finish = (why: Broken | undefined) => {
        clearTimeout(timer)
        push = undefined
        broken = undefined
        // A late answer must not be taken for that of the next exchange, so the shell goes with it.
        if (why !== undefined) close()
        resolve(why)
      }
      const reader = (stream: 'stdout' | 'stderr') =>
        createFrameReader(nonce, cap, (mark) => {
          onMark(stream, mark)
          packs ||= mark.words.join(' ') === 'BEGIN packed'
          if (mark.words[0] === 'END') ended.add(stream)
          if (ended.size === 2) finish(undefined)
        })
      const timer = setTimeout(() => finish('deadline'), deadlineMs)
      push = { stdout: reader('stdout'), stderr: reader('stderr') }
      broken = finish
      transport.write(text)
    })
  }

  return {
    exchange(exchange) {
      const turn = queue.then(() => run(exchange))
      // a script that cannot be written must not stop those behind it
      queue = turn.catch(() => undefined)
      return turn
    },
    get closed() {
      return closed
    },
    get packs() {
      return packs
    },
    close,
  }
}

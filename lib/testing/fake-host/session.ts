import type { Connection, ServerChannel } from 'ssh2'
import { type Host, runCommand } from './host'
import { playLive } from './live-output'
import { NONSENSE } from './misbehaviour'
import { probeOutput } from './probe-output'
import { createWarmChannel } from './warm-channel'
import { shellWords } from './words'

type User = { name: string; root: boolean }

/** Reads all of standard input, then hands it over. */
function whenRead(channel: ServerChannel, use: (text: string) => void): void {
  const chunks: Buffer[] = []
  channel.on('data', (chunk: Buffer) => chunks.push(chunk))
  channel.on('end', () => use(Buffer.concat(chunks).toString('utf8')))
}

function finish(channel: ServerChannel, exit: number): void {
  channel.exit(exit)
  channel.end()
}

function warm(host: Host, channel: ServerChannel, as: 'root' | 'user'): void {
  const { push, close } = createWarmChannel(host, as, {
    out: (text) => channel.write(text),
    err: (text) => channel.stderr.write(text),
  })
  channel.on('data', push)
  channel.on('end', () => finish(channel, 0))
  channel.on('close', close)
}

function probe(host: Host, channel: ServerChannel, nonce: string, user: User): void {
  whenRead(channel, () => {
    host.received.probes += 1
    const nonsense = host.misbehaviour?.name === 'prints-nonsense'
    channel.write(nonsense ? NONSENSE : probeOutput(host.kernel, nonce, user.name, user.root))
    finish(channel, 0)
  })
}

function live(host: Host, channel: ServerChannel, as: 'root' | 'user'): void {
  whenRead(channel, (script) => {
    host.received.streams += 1
    const stop = playLive(host, script, as, (text) => channel.write(text))
    if (stop === undefined) finish(channel, 2)
    else channel.on('close', stop)
  })
}

function single(host: Host, channel: ServerChannel, command: string, as: 'root' | 'user'): void {
  const output = runCommand(host, shellWords(command), '', as)
  if (output === undefined) return
  channel.stderr.write(output.stderr)
  channel.write(output.stdout)
  finish(channel, output.exit)
}

function serveCommand(host: Host, channel: ServerChannel, command: string, user: User): void {
  const as = user.root ? 'root' : 'user'
  const [, nonce] = /^\/bin\/sh -s -- ([0-9a-f]+) \d+$/.exec(command) ?? []
  if (host.misbehaviour?.name === 'hangs') channel.resume()
  else if (command === '/bin/sh') warm(host, channel, as)
  else if (nonce !== undefined) probe(host, channel, nonce, user)
  else if (command === '/bin/sh -s') live(host, channel, as)
  else single(host, channel, command, as)
}

/** Serves the exec requests of one logged-in user. */
export function serveSessions(connection: Connection, host: Host, user: User): void {
  connection.on('session', (acceptSession) => {
    acceptSession().on('exec', (acceptExec, _reject, { command }) => {
      const channel = acceptExec()
      channel.on('error', () => undefined)
      serveCommand(host, channel, command, user)
    })
  })
}

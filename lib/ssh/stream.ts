import { Unreachable } from '@/lib/errors'
import { withConnection } from './client'
import type { SshTarget } from './target'

export type StreamHandlers = {
  onChunk(chunk: Buffer): void
  /** Called once. `undefined`: we closed it; else the stream ended by itself and why. */
  onEnd(problem: Unreachable | undefined): void
}

export type Stream = {
  close(): void
}

/**
 * Starts a script of ours on a channel of its own and hands over what it prints until it ends or is closed; meanwhile it
 * keeps the host's connection. The script must be constant but for numbers and nonces of our own: it is not quoted.
 * Throws Unreachable when it cannot be started.
 */
export function openStream(
  target: SshTarget,
  script: string,
  handlers: StreamHandlers,
): Promise<Stream> {
  return new Promise((resolve, reject) => {
    withConnection(target, async (connection) => {
      const channel = await connection.open('/bin/sh -s')
      let closedByUs = false
      const ended = new Promise<void>((done) => channel.on('close', () => done()))
      channel.on('data', handlers.onChunk)
      // unread, it would fill its window and stop the channel
      channel.stderr.resume()
      channel.end(script)
      resolve({
        close() {
          closedByUs = true
          channel.close()
        },
      })
      await ended
      const lost = new Unreachable('closed', { host: target.name })
      handlers.onEnd(closedByUs ? undefined : lost)
    }).catch(reject)
  })
}

import type { ClientChannel } from 'ssh2'
import { Unreachable } from '@/lib/errors'
import { stripControls } from './frames'

/**
 * Collects what a channel prints until it closes, up to `cap` bytes; more is read and dropped. Throws Unreachable
 * (timeout) when it does not close in time.
 */
export function collectOutput(
  channel: ClientChannel,
  { host, cap, deadlineMs }: { host: string; cap: number; deadlineMs: number },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const timer = setTimeout(() => {
      channel.close()
      reject(new Unreachable('timeout', { host }))
    }, deadlineMs)
    channel.on('data', (chunk: Buffer) => {
      if (size < cap) chunks.push(chunk.subarray(0, cap - size))
      size += chunk.length
    })
    // unread, it would fill its window and stop the channel
    channel.stderr.resume()
    channel.on('close', () => {
      clearTimeout(timer)
      resolve(stripControls(Buffer.concat(chunks).toString('utf8')))
    })
  })
}

import { createHash } from 'node:crypto'
import { Client } from 'ssh2'
import type { Unreachable } from '@/lib/errors'
import { KEY_EXCHANGES } from './key-exchange'
import { unreachableFrom } from './unreachable'

/** A host key as a person compares it. */
export type HostKey = {
  /** `ssh-ed25519`, `rsa-sha2-512`, … as the key itself says. */
  type: string
  /** `SHA256:` and the base64 digest without padding, as `ssh-keygen -lf` prints it. */
  fingerprint: string
}

/** How long an address may take to show its key; longer makes a form wait, shorter fails on slow hosts. */
const TIMEOUT_MS = 10_000

/** Computes the fingerprint of a public key in SSH's own encoding (RFC 4253, 6.6). */
export function describeHostKey(blob: Buffer): HostKey {
  const digest = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')
  const length = blob.length >= 4 ? blob.readUInt32BE(0) : 0
  return { type: blob.toString('latin1', 4, 4 + length), fingerprint: `SHA256:${digest}` }
}

/**
 * Reads the key that a host shows, for a person to approve. The key is refused as soon as it is seen, so that nothing
 * of an authentication is ever sent. Throws Unreachable (dns, tcp, handshake, timeout, closed).
 */
export function readHostKey(endpoint: { address: string; port: number }): Promise<HostKey> {
  const client = new Client()
  return new Promise((resolve, reject: (problem: Unreachable) => void) => {
    let seen: HostKey | undefined
    client.on('error', (error) => {
      if (seen === undefined) reject(unreachableFrom(error, endpoint.address))
      else resolve(seen)
    })
    client.on('close', () => {
      if (seen !== undefined) resolve(seen)
      else reject(unreachableFrom(new Error('closed before it showed a key'), endpoint.address))
    })
    client.connect({
      host: endpoint.address,
      port: endpoint.port,
      username: 'tunboard',
      readyTimeout: TIMEOUT_MS,
      algorithms: { kex: KEY_EXCHANGES },
      // Only exactly `false`, returned at once, denies (stack notes, 3).
      hostVerifier: (blob: Buffer): boolean => {
        seen = describeHostKey(blob)
        return false
      },
      // A second lock on the same door: no method to try.
      authHandler: [],
    })
  }).finally(() => client.destroy()) as Promise<HostKey>
}

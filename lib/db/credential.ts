import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { Unreadable } from '@/lib/errors'
import { Secret } from '@/lib/secret'

/** How Tunboard proves to a host who it is; an agent's keys are not ours to keep. */
export type Credential =
  | { kind: 'key'; privateKey: Secret; passphrase?: Secret }
  | { kind: 'password'; password: Secret }

const VERSION = 'v1'
/** The length that AES-GCM is defined for without hashing (NIST SP 800-38D, 5.2.1.1). */
const NONCE_BYTES = 12
const TAG_BYTES = 16

const secret = z.string().transform((text) => new Secret(text))
const sealedSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('key'), privateKey: secret, passphrase: secret.optional() }),
  z.object({ kind: z.literal('password'), password: secret }),
])

function reveal(credential: Credential): Record<string, string> {
  if (credential.kind === 'password') {
    return { kind: credential.kind, password: credential.password.reveal() }
  }
  const { kind, privateKey, passphrase } = credential
  return {
    kind,
    privateKey: privateKey.reveal(),
    ...(passphrase !== undefined && { passphrase: passphrase.reveal() }),
  }
}

/**
 * Seals a credential with AES-256-GCM as `v1.<nonce, tag and ciphertext in base64url>`.
 * The host's id is authenticated with it: a sealed text moved to another host's row does not open.
 */
export function sealCredential(key: Buffer, hostId: string, credential: Credential): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(`${VERSION}.${hostId}`))
  const body = Buffer.concat([cipher.update(JSON.stringify(reveal(credential))), cipher.final()])
  return `${VERSION}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`
}

function decrypt(key: Buffer, hostId: string, sealed: string): string {
  const [version, text = ''] = sealed.split('.')
  if (version !== VERSION) throw new Error(`a credential of version ${version}`)
  const bytes = Buffer.from(text, 'base64url')
  const nonce = bytes.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(`${VERSION}.${hostId}`))
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
  const body = bytes.subarray(NONCE_BYTES + TAG_BYTES)
  return Buffer.concat([decipher.update(body), decipher.final()]).toString()
}

/**
 * Opens a sealed credential. Throws Unreadable('credential-unreadable') where the key is another one than it was
 * sealed with (the secret key was lost or replaced), or the text was changed: the credential must be entered again.
 */
export function unsealCredential(key: Buffer, hostId: string, sealed: string): Credential {
  try {
    const opened = sealedSchema.parse(JSON.parse(decrypt(key, hostId, sealed)))
    if (opened.kind === 'password') return opened
    const { passphrase, ...rest } = opened
    return { ...rest, ...(passphrase !== undefined && { passphrase }) }
  } catch (cause) {
    throw new Unreadable('credential-unreadable', { hostId }, { cause })
  }
}

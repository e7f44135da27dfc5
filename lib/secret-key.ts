import { hkdfSync, randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { env } from './env'
import { log } from './log'

/** AES-256 and HKDF-SHA256 want 32 bytes; fewer would be the weakest link of both. */
const KEY_BYTES = 32

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

function parseKeyFile(path: string): Buffer {
  const text = readFileSync(path, 'utf8').trim()
  // A truncated or emptied file must stop the start: a weaker key would silently seal new credentials with it.
  if (text.length >= KEY_BYTES) return Buffer.from(text)
  throw new Error(`${path} must hold at least ${KEY_BYTES} characters; restore it from a backup`)
}

/**
 * Writes the key whole under a private name, then links it into place: `link` fails where the file exists,
 * so that of two processes one makes the key and both read the same one, never half of it.
 */
function createKeyFile(path: string): 'created' | 'exists' {
  mkdirSync(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  writeFileSync(draft, `${randomBytes(KEY_BYTES).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  try {
    linkSync(draft, path)
    return 'created'
  } catch (error) {
    if (isCode(error, 'EEXIST')) return 'exists'
    throw error
  } finally {
    unlinkSync(draft)
  }
}

/** Reads the key file, or makes it (mode 0600) when there is none; throws when it holds too little. */
export function readKeyFile(path: string, onCreated: (path: string) => void): Buffer {
  try {
    return parseKeyFile(path)
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error
  }
  if (createKeyFile(path) === 'created') onCreated(path)
  return parseKeyFile(path)
}

declare global {
  var tunboardSecretKey: Buffer | undefined
}

function warnCreated(path: string): void {
  log.warn(
    'Made a new secret key. Back it up: without it the stored SSH credentials cannot be read.',
    { path },
  )
}

/**
 * Reads the installation's one secret: TUNBOARD_SECRET_KEY, or DATA_DIR/secret.key, made on first use.
 * It is key material of at least 32 characters, for derivation only.
 */
export function secretKey(): Buffer {
  const configured = env().secretKey
  // Next loads this module up to three times in one process: the value lives on globalThis.
  globalThis.tunboardSecretKey ??=
    configured === undefined
      ? readKeyFile(join(env().dataDir, 'secret.key'), warnCreated)
      : Buffer.from(configured.reveal())
  return globalThis.tunboardSecretKey
}

/** Derives 32 bytes for one purpose, so that a leak of one says nothing of the others (RFC 5869). */
export function deriveKey(material: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', material, '', `tunboard/${purpose}/v1`, KEY_BYTES))
}

/** Derives the AES-256-GCM key (32 bytes) for SSH credentials at rest. */
export function credentialKey(): Buffer {
  return deriveKey(secretKey(), 'credentials')
}

/** Derives the secret that signs session cookies, as 64 hex digits. */
export function authSecret(): string {
  return deriveKey(secretKey(), 'auth').toString('hex')
}

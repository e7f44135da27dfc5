import ssh2, { Client, type ConnectConfig, type ParsedKey, type PublicKeyAuthMethod } from 'ssh2'
import { Unreachable } from '@/lib/errors'
import { describeHostKey } from './host-key'
import { KEY_EXCHANGES } from './key-exchange'
import { type SshTarget, targetVersion } from './target'
import { unreachableFrom } from './unreachable'

/** From dialling to logged in; longer makes a plan wait for a dead host, shorter fails under load. */
const READY_TIMEOUT_MS = 15_000
/** A peer that vanished is noticed after three unanswered ones; more often costs a laptop's battery, nothing else. */
const KEEPALIVE_MS = 5_000

/** Opened keys by target version: bcrypt takes up to seconds to open an encrypted one, and blocks everybody meanwhile. */
const openedKeys = new Map<string, ParsedKey>()
/** More than any console has hosts that log in at the same time. */
const MOST_OPENED_KEYS = 256

function openKey(target: SshTarget & { auth: { kind: 'key' } }): ParsedKey {
  const version = targetVersion(target)
  const known = openedKeys.get(version)
  if (known !== undefined) return known
  const { privateKey, passphrase } = target.auth
  const parsed = ssh2.utils.parseKey(privateKey.reveal(), passphrase?.reveal())
  // types say otherwise, but a file of several keys gives several
  const [key] = [parsed].flat()
  if (key === undefined || key instanceof Error || !key.isPrivateKey()) {
    const values = { host: target.name, user: target.user, method: 'key-unreadable' }
    throw new Unreachable('auth', values, { cause: key })
  }
  const [oldest] = openedKeys.keys()
  if (openedKeys.size >= MOST_OPENED_KEYS && oldest !== undefined) openedKeys.delete(oldest)
  openedKeys.set(version, key)
  return key
}

function keyConfig(target: SshTarget & { auth: { kind: 'key' } }): ConnectConfig {
  const method: PublicKeyAuthMethod = {
    type: 'publickey',
    username: target.user,
    key: openKey(target),
  }
  return { authHandler: [method] }
}

function authConfig(target: SshTarget): ConnectConfig {
  const { auth } = target
  switch (auth.kind) {
    case 'key':
      return keyConfig({ ...target, auth })
    case 'password':
      return {
        password: auth.password.reveal(),
        tryKeyboard: true,
        authHandler: ['password', 'keyboard-interactive'],
      }
    case 'agent':
      return { agent: auth.socket, authHandler: ['agent'] }
    default:
      return auth satisfies never
  }
}

/** Answers every hidden prompt with the password; one that would be shown is a question for a person. */
function answerPrompts(client: Client, target: SshTarget): void {
  const { auth } = target
  if (auth.kind !== 'password') return
  client.on('keyboard-interactive', (_name, _instructions, _language, prompts, finish) => {
    finish(prompts.map(({ echo }) => (echo === true ? '' : auth.password.reveal())))
  })
}

function wrongKey(target: SshTarget, presented: string): Unreachable {
  const { name: host, hostKey: expected } = target
  if (expected === '') return new Unreachable('host-key-unknown', { host, presented })
  return new Unreachable('host-key-changed', { host, expected, presented })
}

/**
 * Connects and logs in, but only to the host whose key was approved: any other key ends the connection before a byte of
 * authentication. Throws Unreachable (dns, tcp, handshake, host-key-unknown, host-key-changed, auth, timeout, closed).
 */
export function connect(target: SshTarget): Promise<Client> {
  const client = new Client()
  let presented: string | undefined
  const verify = (blob: Buffer): boolean => {
    const { fingerprint } = describeHostKey(blob)
    if (fingerprint === target.hostKey) return true
    presented = fingerprint
    return false
  }
  return new Promise<Client>((resolve, reject) => {
    const fail = (error: Error) => {
      client.destroy()
      if (presented !== undefined) reject(wrongKey(target, presented))
      else reject(withMethod(unreachableFrom(error, target.name), target))
    }
    client.on('error', fail)
    client.on('close', () => fail(new Error('closed while connecting')))
    client.on('ready', () => {
      // Nagle's algorithm would hold back the end of each exchange for 40 ms
      client.setNoDelay(true)
      client.removeAllListeners('error')
      client.removeAllListeners('close')
      resolve(client)
    })
    answerPrompts(client, target)
    client.connect({
      host: target.address,
      port: target.port,
      username: target.user,
      readyTimeout: READY_TIMEOUT_MS,
      keepaliveInterval: KEEPALIVE_MS,
      keepaliveCountMax: 3,
      algorithms: { kex: KEY_EXCHANGES },
      // Synchronous on purpose: only exactly `false`, returned at once, denies (stack notes, 3).
      hostVerifier: verify,
      ...authConfig(target),
    })
  })
}

/** An operator must know which of his credentials was refused. */
function withMethod(error: Unreachable, target: SshTarget): Unreachable {
  if (error.stage !== 'auth') return error
  const values = { host: target.name, user: target.user, method: target.auth.kind }
  return new Unreachable('auth', values, { cause: error })
}

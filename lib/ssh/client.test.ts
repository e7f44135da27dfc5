import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Unreachable } from '@/lib/errors'
import { Secret } from '@/lib/secret'
import { type FakeHost, makeKey } from '@/lib/testing/fake-host'
import { LOGIN, startWithUsers } from '@/lib/testing/fake-users'
import { closeAll, closeHost, connectHost } from './client'
import { describeHostKey, readHostKey } from './host-key'
import { readRunning } from './read-running'
import { runBatch } from './run'
import type { SshTarget } from './target'
import { targetOf } from './test-target'

const hosts: FakeHost[] = []
async function start(...options: Parameters<typeof startWithUsers>) {
  const host = await startWithUsers(...options)
  hosts.push(host)
  const { port, fingerprint } = host
  const { hostName: name } = host.kernel.state
  return { host, target: targetOf({ name, port, fingerprint, privateKey: LOGIN.privateKey }) }
}
afterEach(async () => {
  await closeAll()
  await Promise.all(hosts.splice(0).map((host) => host.close()))
})

async function problemOf(work: Promise<unknown>): Promise<Unreachable> {
  const problem = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(problem).toBeInstanceOf(Unreachable)
  return problem as Unreachable
}
const password = (text: string) => ({ kind: 'password', password: new Secret(text) }) as const

describe('the host key', () => {
  it('is shown for approval without an attempt to log in', async () => {
    const { host, target } = await start()
    const key = await readHostKey(target)
    expect(key).toEqual({ type: 'ssh-ed25519', fingerprint: host.fingerprint })
    expect(host.received.auth).toEqual([])
  })

  it('has the fingerprint that ssh-keygen prints', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tunboard-'))
    const file = join(folder, 'key.pub')
    const key = makeKey()
    writeFileSync(file, key.public)
    const printed = execFileSync('ssh-keygen', ['-lf', file], { encoding: 'utf8' })
    rmSync(folder, { recursive: true })
    const blob = Buffer.from(key.public.split(' ')[1] ?? '', 'base64')
    expect(describeHostKey(blob).fingerprint).toBe(printed.split(' ')[1])
  })

  it('that changed ends the connection before any authentication, with both fingerprints', async () => {
    const { host, target } = await start(undefined, { misbehave: { name: 'changed-host-key' } })
    for (const auth of [target.auth, password(LOGIN.password)]) {
      const problem = await problemOf(connectHost({ ...target, auth }))
      expect(problem).toMatchObject({
        stage: 'host-key-changed',
        values: { host: 'host', expected: host.fingerprint },
      })
      expect(problem.values.presented).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/)
      expect(problem.values.presented).not.toBe(host.fingerprint)
    }
    expect(host.received.auth).toEqual([])
  })

  it('that nobody has approved ends the connection before any authentication', async () => {
    const { host, target } = await start()
    const problem = await problemOf(connectHost({ ...target, hostKey: '' }))
    expect(problem).toMatchObject({
      stage: 'host-key-unknown',
      values: { presented: host.fingerprint },
    })
    expect(host.received.auth).toEqual([])
  })
})

describe('logging in', () => {
  const passphrase = 'open sesame'
  const plainKey = () => keyUnder('')
  const encryptedKey = () => keyUnder(passphrase)
  function keyUnder(phrase: string) {
    const folder = mkdtempSync(join(tmpdir(), 'tunboard-'))
    const file = join(folder, 'key')
    // one round: sixteen take ssh2 seconds
    const options = ['-q', '-t', 'ed25519', '-a', '1', '-N', phrase, '-f', file]
    execFileSync('ssh-keygen', options, { stdio: 'pipe' })
    const [secret, open] = [readFileSync(file, 'utf8'), readFileSync(`${file}.pub`, 'utf8')]
    rmSync(folder, { recursive: true })
    return { secret, open }
  }

  it('lets an agent sign, where there is one', async () => {
    const { open, secret } = plainKey()
    const { host, target } = await start(undefined, {
      users: [{ name: 'root', root: true, publicKey: open }],
    })
    const socket = join(mkdtempSync(join(tmpdir(), 'tunboard-')), 'agent')
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] })
    await once(agent.stdout, 'data')
    const add = [`SSH_AUTH_SOCK=${socket}`, 'ssh-add', '-q', '-']
    execFileSync('env', add, { input: secret, stdio: ['pipe', 'pipe', 'pipe'] })
    await connectHost({ ...target, auth: { kind: 'agent', socket } })
    agent.kill()
    expect(host.received.auth.at(-1)).toMatchObject({ method: 'publickey', accepted: true })
  })

  it('works with a key, with a password, and with a password that is asked for', async () => {
    const { host, target } = await start()
    await connectHost(target)
    await connectHost({ ...target, hostId: 'by-password', auth: password(LOGIN.password) })
    await connectHost({ ...target, hostId: 'by-pam', user: 'pam', auth: password(LOGIN.password) })
    const ways = host.received.auth.filter(({ accepted }) => accepted).map(({ method }) => method)
    expect(new Set(ways)).toEqual(new Set(['publickey', 'password', 'keyboard-interactive']))
  })

  it('works with a key under a passphrase, and says that it cannot read one without', async () => {
    const { secret, open } = encryptedKey()
    const { target } = await start(undefined, {
      users: [{ name: 'root', root: true, publicKey: open }],
    })
    const privateKey = new Secret(secret)
    const auth = { kind: 'key', privateKey, passphrase: new Secret(passphrase) } as const
    await connectHost({ ...target, auth })
    const problem = await problemOf(
      connectHost({ ...target, hostId: 'other', auth: { kind: 'key', privateKey } }),
    )
    expect(problem).toMatchObject({ stage: 'auth', values: { method: 'key-unreadable' } })
  })

  it('fails with stage auth, the user and the way, and never with the secret', async () => {
    const { target } = await start()
    const wrong = 'not the password'
    const problem = await problemOf(connectHost({ ...target, auth: password(wrong) }))
    expect(problem).toMatchObject({ stage: 'auth', values: { user: 'root', method: 'password' } })
    expect(JSON.stringify(problem.toFailure()) + String(problem.stack)).not.toContain(wrong)
  })

  it('fails with stage auth where the host refuses the key', async () => {
    const { target } = await start(undefined, { misbehave: { name: 'refuses-key' } })
    expect(await problemOf(connectHost(target))).toMatchObject({
      stage: 'auth',
      values: { method: 'key' },
    })
  })

  it('fails with stage auth where there is no agent', async () => {
    const { target } = await start()
    const auth = { kind: 'agent', socket: '/nonexistent/agent' } as const
    expect(await problemOf(connectHost({ ...target, auth }))).toMatchObject({ stage: 'auth' })
  })
})

describe('an address', () => {
  const somewhere: SshTarget = {
    hostId: 'somewhere',
    name: 'somewhere',
    address: '127.0.0.1',
    port: 1,
    user: 'root',
    auth: password('x'),
    hostKey: 'SHA256:none',
    become: 'root',
  }

  it('without a listener gives stage tcp', async () => {
    const { target } = await start(undefined, { misbehave: { name: 'unreachable' } })
    expect(await problemOf(connectHost(target))).toMatchObject({
      stage: 'tcp',
      values: { code: 'ECONNREFUSED' },
    })
    expect(await problemOf(readHostKey(target))).toMatchObject({ stage: 'tcp' })
  })

  it('without a name gives stage dns', async () => {
    const target = { ...somewhere, address: 'nonexistent.invalid' }
    expect(await problemOf(connectHost(target))).toMatchObject({ stage: 'dns' })
  })

  it('that speaks something else gives stage closed', async () => {
    const web = createServer((socket) => socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
    const address = web.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    expect(await problemOf(connectHost({ ...somewhere, port }))).toMatchObject({ stage: 'closed' })
    expect(await problemOf(readHostKey({ address: '127.0.0.1', port }))).toMatchObject({
      stage: 'closed',
    })
    await new Promise((resolve) => web.close(resolve))
  })
})

describe('one connection per host', () => {
  const logins = (host: FakeHost) => host.received.auth.filter(({ accepted }) => accepted).length

  it('is shared by all who ask at once', async () => {
    const { host, target } = await start()
    await connectHost(target)
    const first = logins(host)
    await Promise.all(Array.from({ length: 12 }, () => readRunning(target)))
    expect(logins(host)).toBe(first)
    expect(host.received.reads).toBe(12)
  })

  it('is made anew when the host is configured otherwise', async () => {
    const { host, target } = await start()
    await connectHost(target)
    const first = logins(host)
    await connectHost({ ...target, become: 'sudo' })
    expect(logins(host)).toBe(2 * first)
  })

  it('is made anew after the host cut it', async () => {
    const { host, target } = await start()
    const before = await readRunning(target)
    host.drop()
    expect(await readRunning(target)).toEqual(before)
  })

  it('is made anew after it was closed for a host that was edited', async () => {
    const { host, target } = await start()
    await connectHost(target)
    const first = logins(host)
    closeHost(target.hostId)
    await connectHost(target)
    expect(logins(host)).toBe(2 * first)
  })

  it('is closed when nobody has asked for five minutes', async () => {
    const { host, target } = await start()
    await connectHost(target)
    const first = logins(host)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    await connectHost(target)
    vi.advanceTimersByTime(5 * 60_000 - 1)
    await connectHost(target)
    expect(logins(host)).toBe(first)
    vi.advanceTimersByTime(5 * 60_000)
    vi.useRealTimers()
    await connectHost(target)
    expect(logins(host)).toBe(2 * first)
  })

  it('that failed is tried again by the next who asks', async () => {
    const { host, target } = await start(undefined, { misbehave: { name: 'unreachable' } })
    await problemOf(connectHost(target))
    await host.setMisbehaviour(undefined)
    await connectHost(target)
  })

  it('lets no more than eight channels be open and makes the others wait', async () => {
    const { target } = await start()
    const { withConnection } = await import('./client')
    await withConnection(target, async (connection) => {
      const openOne = async () => (await connection.open('/bin/sh')).resume()
      const open = await Promise.all(Array.from({ length: 8 }, openOne))
      let ninth = false
      const waiting = openOne().then((channel) => {
        ninth = true
        return channel
      })
      // a read needs a channel of its own for its shell, so it waits behind the ninth
      const read = runBatch(target, [{ argv: ['true'] }])
      await new Promise((resolve) => setImmediate(resolve))
      expect(ninth).toBe(false)
      open[0]?.close()
      const channel = await waiting
      for (const each of [...open.slice(1), channel]) each.close()
      expect((await read)[0]?.exit).toBe(0)
    })
  })
})

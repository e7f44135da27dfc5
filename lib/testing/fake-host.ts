import { createHash } from 'node:crypto'
import { createServer, type Socket } from 'node:net'
import ssh2, { type Server, type ServerConfig } from 'ssh2'
import { type FakeUser, serveAuth } from './fake-host/auth'
import type { Decide, Host, Received } from './fake-host/host'
import type { Misbehaviour } from './fake-host/misbehaviour'
import { serveSessions } from './fake-host/session'
import type { FakeKernel } from './fake-kernel'

export type FakeHostOptions = {
  kernel: FakeKernel
  users: readonly FakeUser[]
  /** A private key; made when not given. */
  hostKey?: string
  misbehave?: Misbehaviour
  /** Free by default. */
  port?: number
}

export type FakeHost = {
  readonly port: number
  /** What the host shows when it behaves, as `ssh-keygen -lf` prints it. */
  readonly fingerprint: string
  readonly kernel: FakeKernel
  readonly received: Received
  /** Changes how it misbehaves; `undefined` = not at all. Resolves when it is in force. */
  setMisbehaviour(misbehaviour: Misbehaviour | undefined): Promise<void>
  /** Lets somebody decide about each command that comes; `undefined` = nobody. */
  setDecide(decide: Decide | undefined): void
  /** Cuts every connection, as a reboot or a broken line would. */
  drop(): void
  close(): Promise<void>
}

/** Makes a host key as sshd does at its first start. */
export function makeKey(): { private: string; public: string } {
  // ssh2 1.17 writes about one ed25519 key in 600 so that it cannot read it back
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519')
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair
  }
}

function fingerprintOf(privateKey: string): string {
  const parsed = ssh2.utils.parseKey(privateKey)
  if (parsed instanceof Error) throw parsed
  const digest = createHash('sha256').update(parsed.getPublicSSH()).digest('base64')
  return `SHA256:${digest.replace(/=+$/, '')}`
}

function sshServer(key: string, host: Host, users: readonly FakeUser[]): Server {
  const config: ServerConfig = { hostKeys: [key] }
  return new ssh2.Server(config, (connection) => {
    connection.on('error', () => undefined)
    serveAuth(connection, host, users, (user) => serveSessions(connection, host, user))
  })
}

/** What a misbehaviour changes on the host itself, beyond how it talks. */
function applyToKernel({ state }: FakeKernel, misbehaviour: Misbehaviour | undefined): void {
  if (misbehaviour?.name === 'sudo-asks-password') state.sudo = 'password'
  const full = misbehaviour?.name === 'disk-full' ? 'full' : 'fine'
  state.disk = misbehaviour?.name === 'read-only' ? 'read-only' : full
  if (misbehaviour?.name !== 'no-ip-vs-module') return
  state.modules.available = state.modules.available.filter((name) => !name.startsWith('ip_vs'))
  state.modules.loaded = state.modules.loaded.filter((name) => !name.startsWith('ip_vs'))
  delete state.ipvs
}

/** Starts an SSH server on a loopback port that behaves, or misbehaves by name, as a host with this kernel. */
export async function startFakeHost(options: FakeHostOptions): Promise<FakeHost> {
  const sockets = new Set<Socket>()
  const drop = () => {
    for (const socket of sockets) socket.destroy()
  }
  const host: Host = {
    kernel: options.kernel,
    received: { auth: [], commands: [], questions: [], reads: 0, probes: 0, streams: 0 },
    misbehaviour: undefined,
    changes: 0,
    drop,
  }
  const key = options.hostKey ?? makeKey().private
  const own = sshServer(key, host, options.users)
  const stranger = sshServer(makeKey().private, host, options.users)
  const listener = createServer((socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => sockets.delete(socket))
    const changed = host.misbehaviour?.name === 'changed-host-key'
    ;(changed ? stranger : own).injectSocket(socket)
  })
  let port = options.port ?? 0
  const listen = () =>
    new Promise<void>((resolve, reject) => {
      listener.once('error', reject)
      listener.listen(port, '127.0.0.1', () => {
        const address = listener.address()
        if (typeof address === 'object' && address !== null) port = address.port
        resolve()
      })
    })
  const hush = () =>
    new Promise<void>((resolve) => {
      drop()
      if (listener.listening) listener.close(() => resolve())
      else resolve()
    })

  const fakeHost: FakeHost = {
    get port() {
      return port
    },
    fingerprint: fingerprintOf(key),
    kernel: options.kernel,
    received: host.received,
    async setMisbehaviour(misbehaviour) {
      host.misbehaviour = misbehaviour
      host.changes = 0
      applyToKernel(options.kernel, misbehaviour)
      // who is already in would not notice a new key or a refusal
      if (misbehaviour?.name === 'changed-host-key' || misbehaviour?.name === 'refuses-key') drop()
      if (misbehaviour?.name === 'unreachable') await hush()
      else if (!listener.listening) await listen()
    },
    setDecide(decide) {
      host.decide = decide
    },
    drop,
    close: hush,
  }
  await listen()
  await fakeHost.setMisbehaviour(options.misbehave)
  return fakeHost
}

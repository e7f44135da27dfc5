import type { Client, ClientChannel } from 'ssh2'
import { connect } from './connect'
import { createShell, type ShellTransport, type WarmShell } from './shell'
import type { SshTarget } from './target'
import { unreachableFrom } from './unreachable'

/** sshd allows 10 sessions on a connection (MaxSessions); two stay free for a person's own debugging. */
const MOST_CHANNELS = 8
/** Longer delays a shutdown, shorter may cut the last packet. */
const GOODBYE_MS = 1_000

/** One logged-in connection to a host. */
export type Connection = {
  readonly target: SshTarget
  readonly closed: boolean
  /** Runs one simple command on a channel of its own; waits while eight are open. Throws Unreachable. */
  open(command: string): Promise<ClientChannel>
  /** The one warm shell of this connection, opened when first asked for. Throws Unreachable. */
  shell(): Promise<WarmShell>
  onClose(listener: () => void): void
  close(): void
}

function transportOf(channel: ClientChannel): ShellTransport {
  return {
    write: (text) => channel.write(text),
    onStdout: (listener) => channel.on('data', listener),
    onStderr: (listener) => channel.stderr.on('data', listener),
    onClose: (listener) => channel.on('close', listener),
    end: () => channel.end(),
    close: () => channel.close(),
  }
}

/** Counts what may be open at once and lets the rest wait in order. */
function createSlots(most: number) {
  let taken = 0
  const waiting: (() => void)[] = []
  return {
    async take(): Promise<void> {
      if (taken >= most) await new Promise<void>((resolve) => waiting.push(resolve))
      else taken += 1
    },
    /** Hands the slot to the next in line, or frees it. */
    give(): void {
      const next = waiting.shift()
      if (next === undefined) taken -= 1
      else next()
    },
  }
}

function execute(client: Client, command: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error !== undefined) reject(error)
      else resolve(channel)
    })
  })
}

/** Connects to a host and wraps the connection. Throws Unreachable. */
export async function openConnection(target: SshTarget): Promise<Connection> {
  const client = await connect(target)
  const slots = createSlots(MOST_CHANNELS)
  const listeners = new Set<() => void>()
  let closed = false
  let warm: Promise<WarmShell> | undefined

  client.on('close', () => {
    closed = true
    for (const listener of listeners) listener()
  })
  // `close` follows; without a listener the process would end
  client.on('error', () => undefined)

  async function open(command: string): Promise<ClientChannel> {
    await slots.take()
    try {
      if (closed) throw new Error('connection closed')
      const channel = await execute(client, command)
      channel.on('close', () => slots.give())
      channel.on('error', () => undefined)
      return channel
    } catch (error) {
      slots.give()
      throw unreachableFrom(error as Error, target.name)
    }
  }

  /** Waits for the shell that was asked for before, so that two callers at once share one. */
  async function renew(previous: Promise<WarmShell> | undefined): Promise<WarmShell> {
    const found = await previous?.catch(() => undefined)
    if (found !== undefined && !found.closed) return found
    return createShell(transportOf(await open('/bin/sh')))
  }

  return {
    target,
    open,
    shell() {
      warm = renew(warm)
      return warm
    },
    get closed() {
      return closed
    },
    onClose: (listener) => listeners.add(listener),
    close() {
      client.end()
      // a peer that has vanished never says goodbye
      setTimeout(() => client.destroy(), GOODBYE_MS).unref()
    },
  }
}

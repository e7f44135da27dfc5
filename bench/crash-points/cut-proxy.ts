import { connect, createServer, type Socket } from 'node:net'

/** What a line lets through: all; no request; no reply; of the replies so many bytes and no more. */
export type Line = 'open' | 'no requests' | 'no replies' | { bytes: number }

/** A TCP proxy before a host whose line can be cut, or fall silent, whichever way. */
export type CutProxy = {
  port: number
  set(line: Line): void
  /** Resolves when the host has said something since the line was last set, let through or not. */
  said(): Promise<void>
  /** Cuts every connection. */
  drop(): void
  close(): Promise<void>
}

/** Starts a proxy before a port of this machine. */
export async function startCutProxy(port: number): Promise<CutProxy> {
  const sockets = new Set<Socket>()
  let line: Line = 'open'
  let onSaid: () => void = () => undefined
  let said = Promise.resolve()
  const cutReply = (chunk: Buffer): Buffer => {
    if (line === 'no replies') return chunk.subarray(0, 0)
    if (typeof line === 'string') return chunk
    const part = chunk.subarray(0, line.bytes)
    line = { bytes: line.bytes - part.length }
    return part
  }
  const server = createServer((client) => {
    const host = connect(port, '127.0.0.1')
    for (const [socket, other] of [
      [client, host],
      [host, client],
    ] as const) {
      socket.setNoDelay(true)
      sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
    client.on('data', (chunk) => {
      if (line !== 'no requests') host.write(chunk)
    })
    host.on('data', (chunk) => {
      onSaid()
      const part = cutReply(chunk)
      if (part.length > 0) client.write(part)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const drop = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    set(next) {
      line = next
      said = new Promise((resolve) => {
        onSaid = resolve
      })
    },
    said: () => said,
    drop,
    async close() {
      drop()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

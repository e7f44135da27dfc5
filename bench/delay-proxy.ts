import { connect, createServer, type Socket } from 'node:net'

/** A TCP proxy that holds back every byte for half a round trip in each direction, in order. */
export type DelayProxy = {
  port: number
  /** Chunks that went through, from client to host. */
  sent(): number
  close(): Promise<void>
}

/** Passes on what arrives after `ms`; the end too. */
function delay(from: Socket, to: Socket, ms: number, onChunk: () => void): void {
  const later = (work: () => void) => setTimeout(work, ms)
  from.on('data', (chunk) => {
    onChunk()
    later(() => to.writable && to.write(chunk))
  })
  from.on('end', () => later(() => to.end()))
  from.on('error', () => to.destroy())
  from.on('close', () => later(() => to.destroy()))
}

/** Starts a proxy before a port of `host` with a round trip of `roundTripMs`; dialling is delayed by one, as TCP's own is. */
export async function startDelayProxy(
  target: { host: string; port: number },
  roundTripMs: number,
): Promise<DelayProxy> {
  const sockets = new Set<Socket>()
  let sent = 0
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const host = connect({ ...target, allowHalfOpen: true })
    for (const socket of [client, host]) {
      socket.setNoDelay(true)
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    }
    delay(client, host, roundTripMs / 2, () => {
      sent += 1
    })
    delay(host, client, roundTripMs / 2, () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    sent: () => sent,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

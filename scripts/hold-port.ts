import { createServer, type Server } from 'node:net'

export type HeldPort = { port: number; release: () => Promise<void> }

function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined)
      else reject(error)
    })
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

/** Takes the first free port from the one wanted upwards, and keeps it from others until it is released. */
export async function holdPort(wanted: number): Promise<HeldPort> {
  for (let port = wanted; port <= 65_535; port += 1) {
    const server = await listen(port)
    if (server === undefined) continue
    const release = () => new Promise<void>((resolve) => server.close(() => resolve()))
    return { port, release }
  }
  throw new Error(`No port from ${wanted} upwards is free.`)
}

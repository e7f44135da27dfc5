import { createServer } from 'node:net'
import { allNodes, nodeAt } from './nodes'

/** Below 32768, where the kernel takes the ports of outgoing connections from. */
const first = 20_000
const places = 120
const step = 100
let asked = 0

/** Finds a base port above which the ports of all nodes are free. */
export async function freeBase(): Promise<number> {
  // Begins at another place in each process, so that two that start at once do not choose the same.
  const begin = process.pid + asked++
  for (let i = 0; i < places; i++) {
    const base = first + ((begin + i) % places) * step
    const free = await Promise.all(allNodes.map((name) => isFree(nodeAt(name, base).port)))
    if (free.every(Boolean)) return base
  }
  throw new Error(`All ports from ${first} to ${first + places * step} are taken; choose a base.`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.on('error', () => resolve(false))
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () =>
      server.close(() => resolve(true)),
    )
  })
}

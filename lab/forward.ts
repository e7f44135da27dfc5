import { connect } from 'node:net'

/**
 * Asks a node's slirp4netns to pass connections to 127.0.0.1:port on to the node's SSH.
 * @throws when the port is taken
 */
export function forwardSsh(apiSocket: string, port: number): Promise<void> {
  const request = {
    execute: 'add_hostfwd',
    arguments: {
      proto: 'tcp',
      host_addr: '127.0.0.1',
      host_port: port,
      guest_addr: '10.0.2.100',
      guest_port: 22,
    },
  }
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(apiSocket, () => socket.end(JSON.stringify(request)))
    socket.on('error', reject)
    socket.on('data', (chunk) => {
      answer += chunk.toString()
    })
    socket.on('close', () => {
      if (answer.includes('"error"')) {
        reject(new Error(`Port ${port} of 127.0.0.1 cannot be used for the lab: ${answer.trim()}`))
      } else resolve()
    })
  })
}

/** Tells whether a connection to the port is greeted by an SSH server within half a second. */
export function greetsWithSsh(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    const answer = (greeted: boolean) => {
      socket.destroy()
      resolve(greeted)
    }
    // slirp4netns takes the connection before the node is up, and then stays silent.
    socket.setTimeout(500, () => answer(false))
    socket.on('error', () => answer(false))
    socket.on('close', () => answer(false))
    socket.on('data', (chunk) => answer(chunk.toString().startsWith('SSH-2.0')))
  })
}

import { once } from 'node:events'
import ssh2 from 'ssh2'
import { afterEach, expect, it } from 'vitest'
import { makeKey } from '@/lib/testing/fake-host'
import { LOGIN } from '@/lib/testing/fake-users'
import { connectHost } from './client'
import { readHostKey } from './host-key'
import { KEY_EXCHANGES } from './key-exchange'
import { targetOf } from './test-target'

const servers: ssh2.Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A host that knows one way of exchanging keys. */
async function targetWith(kex: ssh2.KexAlgorithm) {
  const config = { hostKeys: [makeKey().private], algorithms: { kex: [kex] } }
  const server = new ssh2.Server(config, (client) => client.on('error', () => undefined))
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  return targetOf({ name: 'old', port, fingerprint: 'SHA256:x', privateKey: LOGIN.privateKey })
}

it('a host that could make everybody wait for its modulus is told so, before any key is made', async () => {
  const target = await targetWith('diffie-hellman-group-exchange-sha256')
  const problem = { code: 'Unreachable', stage: 'handshake' }
  await expect(connectHost(target)).rejects.toMatchObject(problem)
  await expect(readHostKey(target)).rejects.toMatchObject(problem)
})

it.each(KEY_EXCHANGES)('%s comes as far as the host key', async (kex) => {
  const target = await targetWith(kex)
  await expect(connectHost(target)).rejects.toMatchObject({ stage: 'host-key-changed' })
})

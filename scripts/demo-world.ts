import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Lab } from '@/lab/lab'
import { createFirstAdministrator } from '@/lib/auth/first-run'
import { migrate } from '@/lib/db/migrate'
import { env } from '@/lib/env'
import { clusterFormSchema } from '@/lib/lvs/cluster-form'
import { hostFormSchema } from '@/lib/lvs/host-form'
import { addHost } from '@/lib/ops/add-host'
import { approveHostKey } from '@/lib/ops/approve-host-key'
import type { Context } from '@/lib/ops/context'
import { createCluster } from '@/lib/ops/create-cluster'
import { presentHostKey } from '@/lib/ops/present-host-key'
import { testConnection } from '@/lib/ops/test-connection'
import { closeAll } from '@/lib/ssh/client'

const HOSTS = ['director', 'server2', 'server3', 'server4'] as const
export const DEMO_EMAIL = 'demo@tunboard.test'

const context = (userId: string): Context => ({
  actor: { userId, name: 'Demo', role: 'admin' },
  now: () => new Date(),
})

/**
 * Registers one kernel of the lab. The demo approves its key, the one exception to approval by a person: it made the
 * host, and compares what the host presents with the key file on its disk.
 */
async function registerHost(demo: Context, lab: Lab, name: (typeof HOSTS)[number]) {
  const form = hostFormSchema.parse({
    name,
    address: '127.0.0.1',
    port: lab.nodes[name]?.port,
    user: 'root',
    authKind: 'key',
    privateKey: readFileSync(lab.keyFile, 'utf8'),
  })
  const id = await addHost(demo, form)
  const { presented } = await presentHostKey(id)
  const expected = await lab.fingerprint(name)
  if (presented.fingerprint !== expected)
    throw new Error(`${name} shows ${presented.fingerprint}, but its own key is ${expected}.`)
  await approveHostKey(demo, { hostId: id, fingerprint: expected })
  await testConnection(demo, id)
  return [name, id] as const
}

/** Fills an empty database with the tutorial: an account, four hosts, and the cluster with its plan ready to apply. */
export async function makeDemoWorld(lab: Lab): Promise<{ password: string; clusterId: string }> {
  await migrate({ url: env().databaseUrl, folder: 'prisma/migrations' })
  const password = randomBytes(9).toString('base64url')
  const account = { name: 'Demo', email: DEMO_EMAIL, password }
  const demo = context(await createFirstAdministrator(account, new Date()))
  const registered = await Promise.all(HOSTS.map((name) => registerHost(demo, lab, name)))
  const ids = Object.fromEntries(registered)
  const clusterId = await createCluster(
    demo,
    clusterFormSchema.parse({
      name: 'www',
      director: { hostId: ids.director, dip: '172.25.254.1' },
      service: {
        kind: 'address',
        protocol: 'tcp',
        vip: '172.25.254.100',
        port: 80,
        scheduler: 'rr',
      },
      realServers: [
        { hostId: ids.server2, rip: '172.25.254.2', weight: 1 },
        { hostId: ids.server3, rip: '172.25.254.3', weight: 1 },
      ],
    }),
  )
  await closeAll()
  return { password, clusterId }
}

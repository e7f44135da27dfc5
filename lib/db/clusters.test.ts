import { afterEach, beforeEach, expect, test } from 'vitest'
import { DEFAULT_OPTIONS, type DesiredRealServer, type DesiredService } from '@/lib/lvs/cluster'
import { IPIP } from '@/lib/lvs/service'
import { database } from './client'
import {
  createCluster,
  getCluster,
  listClusters,
  listDesiredClusters,
  raiseClusterVersion,
  removeCluster,
} from './clusters'
import { createHost } from './hosts'
import { createRealServers } from './real-servers'
import { createService } from './services'
import { useTestDatabase } from './test-database'
import { inTransaction, type Tx } from './transaction'

let remove: () => Promise<void>
beforeEach(async () => {
  ;({ remove } = await useTestDatabase())
})
afterEach(() => remove())

const access = {
  address: '127.0.0.1',
  port: 22,
  user: 'root',
  authKind: 'agent',
  become: 'root',
} as const
const addHost = (tx: Tx, id: string) => createHost(tx, { id, name: id, ...access })
const addCluster = (tx: Tx, name: string) =>
  createCluster(tx, {
    name,
    options: { ...DEFAULT_OPTIONS, arpScope: 'interface', directorDevice: 'lo' },
    directors: [{ hostId: 'director', dip: '172.25.254.1' }],
  })

type NewService = Omit<DesiredService, 'id' | 'realServers'>
const plain = { scheduler: 'rr', flags: [], onePacket: false } as const
const SERVICES: NewService[] = [
  {
    key: { kind: 'address', protocol: 'tcp', vip: '172.25.254.100', port: 80 },
    config: plain,
    vips: [],
  },
  {
    key: { kind: 'address', protocol: 'udp', vip: 'fd00::100', port: 53 },
    config: { scheduler: 'sh', flags: ['sh-fallback', 'sh-port'], onePacket: true },
    vips: [],
  },
  {
    key: { kind: 'address', protocol: 'sctp', vip: '172.25.254.100', port: 0 },
    config: {
      ...plain,
      persistence: { timeoutSeconds: 2678400, mask: '255.255.255.0' },
      persistenceEngine: 'sip',
    },
    vips: [],
  },
  {
    key: { kind: 'fwmark', mark: 4294967295, family: 4 },
    config: { ...plain, persistence: { timeoutSeconds: 1 } },
    vips: ['172.25.254.100', '172.25.254.101'],
  },
  { key: { kind: 'fwmark', mark: 1, family: 6 }, config: plain, vips: [] },
]

const thresholds = { upperThreshold: 2147483647, lowerThreshold: 0 }
const REAL_SERVERS: Omit<DesiredRealServer, 'id'>[] = [
  {
    name: 'server2',
    hostId: 'server2',
    key: { rip: '172.25.254.2', port: 80 },
    config: { forwarding: IPIP, weight: 0, ...thresholds },
  },
  {
    name: 'unmanaged',
    key: { rip: '172.25.254.9', port: 80 },
    config: {
      forwarding: { method: 'tunnel', tunnel: { type: 'gue', port: 6080, checksum: 'remcsum' } },
      weight: 65535,
      ...thresholds,
    },
  },
  {
    name: 'gre',
    key: { rip: '172.25.254.10', port: 80 },
    config: {
      forwarding: { method: 'tunnel', tunnel: { type: 'gre', checksum: 'csum' } },
      weight: 1,
      ...thresholds,
    },
  },
  {
    name: 'masquerade',
    key: { rip: '172.25.254.11', port: 8080 },
    config: { forwarding: { method: 'masquerade' }, weight: 1, ...thresholds },
  },
  {
    name: 'route',
    key: { rip: 'fd00::2', port: 80 },
    config: { forwarding: { method: 'route' }, weight: 1, ...thresholds },
  },
]

test('every kind of service and real server comes back as it was written', async () => {
  const id = await inTransaction(async (tx) => {
    await addHost(tx, 'director')
    await addHost(tx, 'server2')
    const clusterId = await addCluster(tx, 'web')
    for (const service of SERVICES) {
      await createRealServers(tx, await createService(tx, clusterId, service), REAL_SERVERS)
    }
    return clusterId
  })
  const { desired, version } = await getCluster(id)
  expect(version).toBe(1)
  expect(desired).toMatchObject({
    name: 'web',
    directors: [{ hostId: 'director', name: 'director', dip: '172.25.254.1' }],
    options: { ...DEFAULT_OPTIONS, arpScope: 'interface', directorDevice: 'lo' },
  })
  const withoutIds = desired.services.map(({ id: _, realServers, ...service }) => ({
    ...service,
    realServers: realServers.map(({ id: __, ...realServer }) => realServer),
  }))
  // As compareServiceKeys orders them: protocol by protocol, then the marks.
  const ordered = [SERVICES[0], SERVICES[1], SERVICES[2], SERVICES[3], SERVICES[4]]
  expect(withoutIds).toStrictEqual(
    ordered.map((service) => ({ ...service, realServers: REAL_SERVERS })),
  )
})

test('a cluster cannot hold the same service twice, nor a service the same real server', async () => {
  const [service] = SERVICES
  const [realServer] = REAL_SERVERS.slice(1)
  if (service === undefined || realServer === undefined) throw new Error('no fixtures')
  const { clusterId, serviceId } = await inTransaction(async (tx) => {
    await addHost(tx, 'director')
    const web = await addCluster(tx, 'web')
    return { clusterId: web, serviceId: await createService(tx, web, service) }
  })
  const again = inTransaction((tx) => createService(tx, clusterId, service))
  await expect(again).rejects.toThrow('Unique constraint')
  const twice = inTransaction((tx) => createRealServers(tx, serviceId, [realServer, realServer]))
  await expect(twice).rejects.toThrow('Unique constraint')
  expect((await getCluster(clusterId)).desired.services[0]?.realServers).toEqual([])
})

test('a version that has moved is not raised', async () => {
  const id = await inTransaction(async (tx) => {
    await addHost(tx, 'director')
    return addCluster(tx, 'web')
  })
  const raise = (version: number) => inTransaction((tx) => raiseClusterVersion(tx, id, version))
  expect([await raise(1), await raise(1), await raise(2)]).toEqual([true, false, true])
  expect((await getCluster(id)).version).toBe(3)
})

test('a deleted cluster keeps its row, frees its hosts and gives its name back', async () => {
  const at = new Date('2026-11-22T12:00:00.000Z')
  const id = await inTransaction(async (tx) => {
    await addHost(tx, 'director')
    return addCluster(tx, 'web')
  })
  await expect(inTransaction((tx) => addCluster(tx, 'web'))).rejects.toThrow('Unique constraint')
  await inTransaction((tx) => removeCluster(tx, id, at))
  expect(await listDesiredClusters()).toEqual([])
  expect(await getCluster(id)).toMatchObject({ deletedAt: at, desired: { directors: [] } })
  expect(await inTransaction((tx) => raiseClusterVersion(tx, id, 1))).toBe(false)
  await inTransaction((tx) => addCluster(tx, 'web'))
  expect((await listClusters()).map(({ desired }) => desired.name)).toEqual(['web'])
})

test('a row that holds what nobody wrote is an error that names it, never a guess', async () => {
  const id = await inTransaction(async (tx) => {
    await addHost(tx, 'director')
    return addCluster(tx, 'web')
  })
  await database().cluster.update({ where: { id }, data: { rpFilter: 'strict' } })
  await expect(getCluster(id)).rejects.toThrow(`Cluster ${id}: rpFilter`)
})

test('a transaction that throws leaves nothing behind', async () => {
  const work = inTransaction(async (tx) => {
    await addHost(tx, 'director')
    throw new Error('changed its mind')
  })
  await expect(work).rejects.toThrow('changed its mind')
  expect(await database().host.count()).toBe(0)
})

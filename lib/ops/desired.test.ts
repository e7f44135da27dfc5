import { afterEach, beforeEach, expect, test } from 'vitest'
import { listAuditEvents } from '@/lib/db/audit'
import { getDesiredCluster, listDesiredClusters } from '@/lib/db/clusters'
import { createDrain, listDrains } from '@/lib/db/drains'
import { useTestDatabase } from '@/lib/db/test-database'
import { inTransaction } from '@/lib/db/transaction'
import type { DesiredRealServer } from '@/lib/lvs/cluster'
import { parseForm } from '@/lib/lvs/form'
import { realServerConfigSchema, realServerFormSchema } from '@/lib/lvs/real-server-form'
import { formatServiceKey } from '@/lib/lvs/service'
import { serviceFormSchema } from '@/lib/lvs/service-form'
import { addRealServer } from './add-real-server'
import { addService } from './add-service'
import { createCluster } from './create-cluster'
import { editCluster } from './edit-cluster'
import { editRealServer } from './edit-real-server'
import { editService } from './edit-service'
import { removeRealServer } from './remove-real-server'
import { removeService } from './remove-service'
import { setWeights } from './set-weights'
import { takeDownCluster } from './take-down-cluster'
import { addLab, addLabHost, contextOf, type Lab, NOW, tutorialForm } from './test-world'

let remove: () => Promise<void>
let lab: Lab
beforeEach(async () => {
  ;({ remove } = await useTestDatabase())
  globalThis.tunboardSecretKey = Buffer.alloc(32, 1)
  lab = await addLab()
})
afterEach(() => remove())

const ada = contextOf('Ada')
const create = (otherwise?: Record<string, unknown>) =>
  createCluster(ada, tutorialForm(lab, otherwise))
const realServerForm = (input: object) => parseForm(realServerFormSchema, input)
const serviceForm = (input: object) =>
  parseForm(serviceFormSchema, {
    ...{ kind: 'address', protocol: 'tcp', vip: '172.25.254.100', port: '443', scheduler: 'wrr' },
    ...input,
  })

async function servicesOf(clusterId: string) {
  const { services } = await getDesiredCluster(clusterId)
  return services.map((service) => ({ ...service, name: formatServiceKey(service.key) }))
}
const summary = ({ name, key, config }: DesiredRealServer) =>
  `${name} ${key.rip}:${key.port} w${config.weight}`
async function realServersOf(clusterId: string) {
  return (await servicesOf(clusterId)).flatMap(({ realServers }) => realServers)
}

test("the tutorial's cluster is desired as it was entered, real servers named as their hosts", async () => {
  const id = await create()
  expect(await getDesiredCluster(id)).toMatchObject({
    name: 'web',
    directors: [{ hostId: lab.director, name: 'director', dip: '172.25.254.1' }],
    services: [{ key: { kind: 'address', protocol: 'tcp', vip: '172.25.254.100', port: 80 } }],
  })
  expect((await realServersOf(id)).map(summary)).toEqual([
    'server2 172.25.254.2:80 w1',
    'server3 172.25.254.3:80 w1',
  ])
})

test('a RIP or DIP must be read on the host and belong to it alone', async () => {
  const withRip = (hostId: string | undefined, rip: string) =>
    create({ realServers: [{ hostId, rip }] })
  await expect(withRip(lab.server2, '10.0.2.100')).rejects.toMatchObject({
    fields: { 'realServers.0.rip': 'address.shared' },
    values: { hosts: 'director, server2, server3, server4' },
  })
  await expect(withRip(undefined, '10.0.2.100')).rejects.toMatchObject({
    fields: { 'realServers.0.rip': 'address.shared' },
  })
  await expect(withRip(lab.server2, '172.25.254.3')).rejects.toMatchObject({
    fields: { 'realServers.0.rip': 'address.not-on-host' },
  })
  await expect(withRip('gone', '172.25.254.2')).rejects.toMatchObject({
    fields: { 'realServers.0.hostId': 'host.unknown' },
  })
  const fresh = await addLabHost('fresh')
  await expect(withRip(fresh, '172.25.254.9')).rejects.toMatchObject({
    fields: { 'realServers.0.hostId': 'host.not-probed' },
  })
  const director = { hostId: lab.director, dip: '10.0.2.100' }
  await expect(create({ director })).rejects.toMatchObject({
    fields: { 'director.dip': 'address.shared' },
  })
  expect(await listDesiredClusters()).toEqual([])
})

test('an address alone is a real server that Tunboard does not manage', async () => {
  const id = await create({
    realServers: [{ rip: '192.0.2.7' }, { rip: '192.0.2.8', name: 'old' }],
  })
  const realServers = await realServersOf(id)
  expect(realServers.map(summary)).toEqual(['192.0.2.7 192.0.2.7:80 w1', 'old 192.0.2.8:80 w1'])
  expect(realServers[0]).not.toHaveProperty('hostId')
})

test("a director's service belongs to one cluster; on another director it is free", async () => {
  await create()
  await expect(create({ name: 'web' })).rejects.toMatchObject({ fields: { name: 'name.taken' } })
  await expect(create({ name: 'again' })).rejects.toMatchObject({
    reason: 'service-taken',
    values: { service: 'tcp 172.25.254.100:80', cluster: 'web', director: 'director' },
  })
  await create({ name: 'elsewhere', director: { hostId: lab.server4, dip: '172.25.254.4' } })
  expect((await listDesiredClusters()).map(({ name }) => name)).toEqual(['elsewhere', 'web'])
})

test('two operators cannot overwrite each other: the second is told what the first one changed', async () => {
  const clusterId = await create()
  const form = realServerForm({ hostId: lab.server4, rip: '172.25.254.4' })
  const serviceIds = (await servicesOf(clusterId)).map(({ id }) => id)
  const target = { clusterId, version: 1, serviceIds }
  expect(await addRealServer(contextOf('Bob'), target, form)).toBe(2)
  const late = takeDownCluster(ada, { clusterId, version: 1 })
  await expect(late).rejects.toMatchObject({
    code: 'Conflict',
    reason: 'desired-moved',
    values: {
      ...{ cluster: 'web', changes: 1, who: 'Bob' },
      ...{ action: 'add-real-server', what: '172.25.254.4', at: NOW.toISOString() },
    },
  })
  expect(await realServersOf(clusterId)).toHaveLength(3)
})

test('of two changes from the same version at the same moment one wins', async () => {
  const clusterId = await create()
  const edit = (name: string) =>
    editCluster(ada, { clusterId, version: 1 }, { name, options: tutorialForm(lab).options })
  const results = await Promise.allSettled([edit('one'), edit('two')])
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('a real server joins several services, with the port of each, or none of them', async () => {
  const clusterId = await create()
  const target = { clusterId, version: 1 }
  await addService(ada, target, { service: serviceForm({}), realServers: [] })
  const serviceIds = (await servicesOf(clusterId)).map(({ id }) => id)
  const server4 = realServerForm({ hostId: lab.server4, rip: '172.25.254.4', weight: '3' })
  await addRealServer(ada, { clusterId, version: 2, serviceIds }, server4)
  expect((await realServersOf(clusterId)).map(summary)).toEqual([
    'server2 172.25.254.2:80 w1',
    'server3 172.25.254.3:80 w1',
    'server4 172.25.254.4:80 w3',
    'server4 172.25.254.4:443 w3',
  ])
  const server2 = realServerForm({ hostId: lab.server2, rip: '172.25.254.2' })
  const again = addRealServer(ada, { clusterId, version: 3, serviceIds }, server2)
  await expect(again).rejects.toMatchObject({ fields: { rip: 'real-server.duplicate' } })
  // It was free in the second service, which must not have got it either.
  expect(await realServersOf(clusterId)).toHaveLength(4)
})

test("a real server may not stand at any cluster's VIP", async () => {
  const clusterId = await create()
  const [service] = await servicesOf(clusterId)
  await addService(
    ada,
    { clusterId, version: 1 },
    { service: serviceForm({ vip: '172.25.254.101' }), realServers: [] },
  )
  const add = addRealServer(
    ada,
    { clusterId, version: 2, serviceIds: [service?.id ?? ''] },
    realServerForm({ rip: '172.25.254.101' }),
  )
  await expect(add).rejects.toMatchObject({ fields: { rip: 'address.is-vip' } })
})

test('editing a service replaces its configuration and keeps its key and real servers', async () => {
  const clusterId = await create()
  const [web] = await servicesOf(clusterId)
  const target = { clusterId, version: 1, serviceId: web?.id ?? '' }
  const moved = editService(ada, target, serviceForm({ port: '443' }))
  await expect(moved).rejects.toMatchObject({ fields: { vip: 'service.key-fixed' } })
  const sticky = serviceForm({
    port: '80',
    scheduler: 'sh',
    flags: 'sh-port',
    persistenceSeconds: '60',
  })
  await editService(ada, target, sticky)
  const [edited] = await servicesOf(clusterId)
  expect(edited).toMatchObject({ key: web?.key, config: sticky.config })
  expect(edited?.realServers).toHaveLength(2)
  await editService(ada, { ...target, version: 2 }, serviceForm({ port: '80', scheduler: 'rr' }))
  expect((await servicesOf(clusterId))[0]?.config).toStrictEqual(web?.config)
})

test('a weight of 0 is set and given back, and leaves the rest of a real server alone', async () => {
  const clusterId = await create()
  const [server2, server3] = await realServersOf(clusterId)
  const ids = [server2?.id ?? '', server3?.id ?? '']
  const config = parseForm(realServerConfigSchema, { weight: '7', upperThreshold: '100' })
  await editRealServer(ada, { clusterId, version: 1, realServerIds: ids.slice(0, 1) }, { config })
  await setWeights(ada, { clusterId, version: 2 }, { [ids[0] ?? '']: 0 })
  const [quiesced, other] = await realServersOf(clusterId)
  expect(quiesced?.config).toEqual({ ...config, weight: 0 })
  expect(other).toEqual(server3)
  await setWeights(ada, { clusterId, version: 3 }, { [ids[0] ?? '']: 7 })
  expect((await realServersOf(clusterId))[0]?.config).toEqual(config)
})

test('a way of forwarding that the key does not allow is refused when a real server is edited', async () => {
  const clusterId = await create({
    realServers: [{ rip: '192.0.2.7', port: '8080', method: 'masquerade' }],
  })
  const realServerIds = (await realServersOf(clusterId)).map(({ id }) => id)
  const config = parseForm(realServerConfigSchema, { method: 'tunnel' })
  const edit = editRealServer(ada, { clusterId, version: 1, realServerIds }, { config })
  await expect(edit).rejects.toMatchObject({ fields: { method: 'method.unfit' } })
})

test('removing a real server, a service, and taking a cluster down change desired only', async () => {
  const clusterId = await create()
  const [server2] = await realServersOf(clusterId)
  await removeRealServer(ada, { clusterId, version: 1, realServerIds: [server2?.id ?? ''] })
  expect((await realServersOf(clusterId)).map(summary)).toEqual(['server3 172.25.254.3:80 w1'])
  await addService(ada, { clusterId, version: 2 }, { service: serviceForm({}), realServers: [] })
  const [first] = await servicesOf(clusterId)
  await removeService(ada, { clusterId, version: 3, serviceId: first?.id ?? '' })
  expect((await servicesOf(clusterId)).map(({ name }) => name)).toEqual(['tcp 172.25.254.100:443'])
  expect(await takeDownCluster(ada, { clusterId, version: 4 })).toBe(5)
  expect(await getDesiredCluster(clusterId)).toMatchObject({
    services: [],
    directors: [{ hostId: lab.director }],
  })
})

test('taking a cluster down ends its drains', async () => {
  const clusterId = await create()
  const [server2] = await realServersOf(clusterId)
  const id = server2?.id ?? ''
  await inTransaction((tx) =>
    createDrain(tx, {
      ...{ clusterId, realServerIds: [id], weightBefore: { [id]: 1 } },
      ...{ startedAt: NOW, deadlineAt: NOW, startedBy: { userId: 'u', name: 'Ada' } },
    }),
  )
  await takeDownCluster(ada, { clusterId, version: 1 })
  expect((await listDrains({ clusterId })).map(({ state }) => state)).toEqual(['cancelled'])
})

test('what is not of this cluster is not found', async () => {
  const clusterId = await create()
  const other = await create({
    ...{ name: 'other', director: { hostId: lab.server4, dip: '172.25.254.4' } },
  })
  const realServerIds = (await realServersOf(other)).map(({ id }) => id)
  const steal = removeRealServer(ada, { clusterId, version: 1, realServerIds })
  await expect(steal).rejects.toMatchObject({ code: 'NotFound', values: { noun: 'real-server' } })
  const serviceId = (await servicesOf(other))[0]?.id ?? ''
  const drop = removeService(ada, { clusterId, version: 1, serviceId })
  await expect(drop).rejects.toMatchObject({ code: 'NotFound', values: { noun: 'service' } })
  const gone = takeDownCluster(ada, { clusterId: 'gone', version: 1 })
  await expect(gone).rejects.toMatchObject({ code: 'NotFound', values: { noun: 'cluster' } })
  expect(await realServersOf(other)).toHaveLength(2)
})

test('every change leaves who, when and what in the audit trail', async () => {
  const clusterId = await create()
  await takeDownCluster(contextOf('Bob'), { clusterId, version: 1 })
  const events = await listAuditEvents({ subject: `cluster:${clusterId}` })
  expect(events.map(({ id: _, ...event }) => event)).toEqual(
    expect.arrayContaining([
      {
        ...{ at: NOW, userId: 'user-Bob', userName: 'Bob', action: 'take-down-cluster' },
        subject: `cluster:${clusterId}`,
        detail: { cluster: 'web', version: 2, what: 'tcp 172.25.254.100:80' },
      },
      expect.objectContaining({ action: 'create-cluster', userName: 'Ada' }),
    ]),
  )
})

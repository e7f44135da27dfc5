import { afterEach, beforeEach, expect, test } from 'vitest'
import { listAuditEvents } from '@/lib/db/audit'
import { getHost } from '@/lib/db/hosts'
import { listLedger, saveLedger } from '@/lib/db/ledger'
import { useTestDatabase } from '@/lib/db/test-database'
import { inTransaction } from '@/lib/db/transaction'
import { parseForm } from '@/lib/lvs/form'
import { hostFormSchema } from '@/lib/lvs/host-form'
import { closeAll } from '@/lib/ssh/client'
import { type FakeHost, startFakeHost } from '@/lib/testing/fake-host'
import { createFakeKernel } from '@/lib/testing/fake-kernel'
import { addHost } from './add-host'
import { approveHostKey } from './approve-host-key'
import { createCluster } from './create-cluster'
import { deleteCluster } from './delete-cluster'
import { editHost } from './edit-host'
import { presentHostKey } from './present-host-key'
import { testConnection } from './test-connection'
import { addLab, contextOf, NOW, tutorialForm } from './test-world'

let remove: () => Promise<void>
let machine: FakeHost
let hostId: string
beforeEach(async () => {
  ;({ remove } = await useTestDatabase())
  globalThis.tunboardSecretKey = Buffer.alloc(32, 1)
  machine = await startFakeHost({
    kernel: createFakeKernel({ devices: { eth0: ['172.25.254.2/24'] } }),
    users: [{ name: 'root', root: true, password: 'correct' }],
  })
  hostId = await addHost(ada, form())
})
afterEach(async () => {
  await closeAll()
  await machine.close()
  await remove()
})

const ada = contextOf('Ada')
const form = (otherwise: Record<string, unknown> = {}) =>
  parseForm(hostFormSchema, {
    ...{ name: 'machine', address: '127.0.0.1', port: machine.port, user: 'root' },
    ...{ authKind: 'password', password: 'correct', ...otherwise },
  })
const approve = () => approveHostKey(ada, { hostId, fingerprint: machine.fingerprint })

test('a key is shown for approval before anything of a login is sent', async () => {
  expect(await presentHostKey(hostId)).toEqual({
    presented: { type: 'ssh-ed25519', fingerprint: machine.fingerprint },
  })
  await expect(testConnection(ada, hostId)).rejects.toMatchObject({
    reason: 'unreachable.host-key-unknown',
  })
  expect(machine.received.auth).toEqual([])
})

test('an approved key is kept with who and when, and the host can be probed', async () => {
  await approve()
  const approved = {
    ...{ fingerprint: machine.fingerprint, type: 'ssh-ed25519' },
    ...{ approvedBy: 'Ada', approvedAt: NOW },
  }
  expect(await presentHostKey(hostId)).toMatchObject({ approved })
  const facts = await testConnection(ada, hostId)
  expect(await getHost(hostId)).toMatchObject({ hostKey: approved, probed: { facts, at: NOW } })
  const addresses = facts.devices.flatMap((device) => device.addresses.map((it) => it.address))
  expect(addresses).toContain('172.25.254.2')
})

test('a key that is not the one that the person saw is not approved', async () => {
  const seen = machine.fingerprint
  await machine.setMisbehaviour({ name: 'changed-host-key' })
  const { presented } = await presentHostKey(hostId)
  expect(presented.fingerprint).not.toBe(seen)
  await expect(approve()).rejects.toMatchObject({
    reason: 'host-key-moved',
    values: { host: 'machine', expected: seen, presented: presented.fingerprint },
  })
  expect(await getHost(hostId)).not.toHaveProperty('hostKey')
})

test('a changed key is refused with both fingerprints, until a person approves it anew', async () => {
  await approve()
  await testConnection(ada, hostId)
  await machine.setMisbehaviour({ name: 'changed-host-key' })
  const { presented } = await presentHostKey(hostId)
  const before = machine.received.auth.length
  await expect(testConnection(ada, hostId)).rejects.toMatchObject({
    reason: 'unreachable.host-key-changed',
    values: { expected: machine.fingerprint, presented: presented.fingerprint, host: 'machine' },
  })
  expect(machine.received.auth).toHaveLength(before)
  await approveHostKey(contextOf('Bob'), { hostId, fingerprint: presented.fingerprint })
  await testConnection(ada, hostId)
  const events = await listAuditEvents({ subject: `host:${hostId}` })
  const approvals = events.filter(({ action }) => action === 'approve-host-key')
  expect(approvals.map(({ detail }) => detail.before)).toEqual([machine.fingerprint, null])
})

test('a host that cannot be reached is an error that names it', async () => {
  await machine.setMisbehaviour({ name: 'unreachable' })
  await expect(presentHostKey(hostId)).rejects.toMatchObject({
    reason: 'unreachable.tcp',
    values: { host: 'machine' },
  })
  await expect(approve()).rejects.toMatchObject({ reason: 'unreachable.tcp' })
})

test('a wrong password is refused at authentication, and a new one is used at once', async () => {
  await approve()
  await editHost(ada, { hostId, version: 1 }, form({ password: 'wrong' }))
  await expect(testConnection(ada, hostId)).rejects.toMatchObject({ reason: 'unreachable.auth' })
  await editHost(ada, { hostId, version: 2 }, form())
  await testConnection(ada, hostId)
})

test('a host that prints nonsense is an error that names it, and its facts stay as they were', async () => {
  await approve()
  await machine.setMisbehaviour({ name: 'prints-nonsense' })
  await expect(testConnection(ada, hostId)).rejects.toMatchObject({ values: { host: 'machine' } })
  expect(await getHost(hostId)).not.toHaveProperty('probed')
})

test('a cluster that is still on a host which can be reached is not deleted', async () => {
  await approve()
  const clusterId = await createCluster(ada, tutorialForm(await addLab()))
  await inTransaction((tx) =>
    saveLedger(tx, [
      {
        ...{ hostId, item: { kind: 'module', name: 'ipip' }, clusters: [clusterId] },
        ...{ state: 'ours', origin: 'applied', since: 'a1' },
      },
    ]),
  )
  const target = { clusterId, version: 1 }
  await expect(deleteCluster(ada, target)).rejects.toMatchObject({
    reason: 'cluster-on-hosts',
    values: { cluster: 'web', hosts: 'machine' },
  })
  await machine.setMisbehaviour({ name: 'unreachable' })
  await deleteCluster(ada, target)
  expect(await listLedger({ clusterId })).toHaveLength(1)
})

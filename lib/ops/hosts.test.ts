import { afterEach, beforeEach, expect, test } from 'vitest'
import { listAuditEvents } from '@/lib/db/audit'
import { database } from '@/lib/db/client'
import { getHost, listHosts, updateHostFacts, updateHostKey } from '@/lib/db/hosts'
import { saveLedger } from '@/lib/db/ledger'
import { releaseLocks, takeLocks } from '@/lib/db/locks'
import { useTestDatabase } from '@/lib/db/test-database'
import { inTransaction } from '@/lib/db/transaction'
import { env } from '@/lib/env'
import { parseForm } from '@/lib/lvs/form'
import { type HostFormInput, hostFormSchema } from '@/lib/lvs/host-form'
import { addHost } from './add-host'
import { createCluster } from './create-cluster'
import { deleteHost, readHostUse } from './delete-host'
import { editHost } from './edit-host'
import { sshTarget } from './ssh-target'
import { addLab, contextOf, factsOf, NOW, tutorialForm } from './test-world'

let remove: () => Promise<void>
beforeEach(async () => {
  ;({ remove } = await useTestDatabase())
  globalThis.tunboardSecretKey = Buffer.alloc(32, 1)
})
afterEach(() => remove())

const ada = contextOf('Ada')
const KEY = '-----BEGIN OPENSSH PRIVATE KEY-----\nsecret-words\n-----END OPENSSH PRIVATE KEY-----\n'
const HOST: HostFormInput = {
  ...{ name: 'director', address: '127.0.0.1', port: '2201', user: 'root', authKind: 'key' },
  ...{ privateKey: KEY, passphrase: 'pass-words' },
}
const form = (otherwise: Partial<HostFormInput> = {}) =>
  parseForm(hostFormSchema, { ...HOST, ...otherwise })
/** As a browser sends an edit: the secrets were not shown, and are empty. */
const edited = (otherwise: Partial<HostFormInput> = {}) =>
  form({ privateKey: '', passphrase: '', ...otherwise })

async function approve(id: string) {
  const key = { fingerprint: 'SHA256:abc', type: 'ssh-ed25519', approvedAt: NOW, approvedBy: 'Ada' }
  await inTransaction(async (tx) => {
    await updateHostKey(tx, id, key)
    await updateHostFacts(tx, id, factsOf('director', '172.25.254.1'), NOW)
  })
}

async function authOf(id: string) {
  const { auth } = await sshTarget(id)
  if (auth.kind === 'agent') return { kind: auth.kind }
  if (auth.kind === 'password') return { kind: auth.kind, password: auth.password.reveal() }
  const passphrase = auth.passphrase?.reveal()
  return { kind: auth.kind, privateKey: auth.privateKey.reveal(), passphrase }
}

test('a host is kept with its credential sealed, and no read gives that away', async () => {
  const id = await addHost(ada, form())
  expect(await getHost(id)).toStrictEqual({
    ...{ id, name: 'director', address: '127.0.0.1', port: 2201, user: 'root' },
    ...{ authKind: 'key', become: 'root', version: 1 },
  })
  expect(JSON.stringify(await listHosts())).not.toContain('credential')
  const row = await database().host.findUniqueOrThrow({ where: { id } })
  expect(row.credential).toMatch(/^v1\./)
  expect(JSON.stringify([row, await listAuditEvents()])).not.toMatch(/secret-words|pass-words/)
})

test('a host whose key nobody approved is not talked to', async () => {
  const id = await addHost(ada, form())
  await expect(sshTarget(id)).rejects.toMatchObject({
    reason: 'unreachable.host-key-unknown',
    values: { host: 'director' },
  })
  await approve(id)
  expect(await sshTarget(id)).toMatchObject({
    ...{ hostId: id, name: 'director', address: '127.0.0.1', port: 2201, user: 'root' },
    ...{ become: 'root', hostKey: 'SHA256:abc' },
  })
  expect(await authOf(id)).toEqual({ kind: 'key', privateKey: KEY, passphrase: 'pass-words' })
})

test('a name is given once, and each way to log in needs its secret', async () => {
  await addHost(ada, form())
  await expect(addHost(ada, form())).rejects.toMatchObject({ fields: { name: 'name.taken' } })
  const without = (authKind: 'key' | 'password', otherwise = {}) =>
    addHost(ada, edited({ name: 'other', authKind, ...otherwise }))
  await expect(without('key')).rejects.toMatchObject({
    fields: { privateKey: 'credential.required' },
  })
  await expect(without('key', { passphrase: 'alone' })).rejects.toMatchObject({
    fields: { privateKey: 'credential.required' },
  })
  await expect(without('password')).rejects.toMatchObject({
    fields: { password: 'credential.required' },
  })
  expect(await listHosts()).toHaveLength(1)
})

test('an edit with empty secrets keeps the credential, and one to another kind needs a new one', async () => {
  const id = await addHost(ada, form())
  await approve(id)
  await editHost(ada, { hostId: id, version: 1 }, edited({ name: 'renamed', user: 'student' }))
  expect(await getHost(id)).toMatchObject({ name: 'renamed', user: 'student', version: 2 })
  expect(await authOf(id)).toEqual({ kind: 'key', privateKey: KEY, passphrase: 'pass-words' })
  const target = { hostId: id, version: 2 }
  await expect(editHost(ada, target, edited({ authKind: 'password' }))).rejects.toMatchObject({
    fields: { password: 'credential.required' },
  })
  await editHost(ada, target, edited({ authKind: 'password', password: ' typed ' }))
  expect(await authOf(id)).toEqual({ kind: 'password', password: ' typed ' })
})

test('another address or port forgets the approved key and what was probed; another name does not', async () => {
  const id = await addHost(ada, form())
  await approve(id)
  await editHost(ada, { hostId: id, version: 1 }, edited({ name: 'renamed' }))
  expect(await getHost(id)).toHaveProperty('hostKey')
  await editHost(ada, { hostId: id, version: 2 }, edited({ port: '2202' }))
  const host = await getHost(id)
  expect(host).not.toHaveProperty('hostKey')
  expect(host).not.toHaveProperty('probed')
  await approve(id)
  await editHost(ada, { hostId: id, version: 3 }, edited({ port: '2202', address: '::1' }))
  expect(await getHost(id)).not.toHaveProperty('hostKey')
})

test('an edit from an older version is refused, so is a name of another host', async () => {
  const id = await addHost(ada, form())
  await addHost(ada, form({ name: 'server2' }))
  await editHost(ada, { hostId: id, version: 1 }, edited())
  await expect(editHost(ada, { hostId: id, version: 1 }, edited())).rejects.toMatchObject({
    reason: 'host-moved',
  })
  const rename = editHost(ada, { hostId: id, version: 2 }, edited({ name: 'server2' }))
  await expect(rename).rejects.toMatchObject({ fields: { name: 'name.taken' } })
})

test('while an apply holds a host it can be neither edited nor deleted', async () => {
  const id = await addHost(ada, form())
  const leases = await takeLocks([id], { owner: 'Bob', reason: 'apply', now: NOW })
  const held = { reason: 'locked', values: { owner: 'Bob' } }
  await expect(editHost(ada, { hostId: id, version: 1 }, edited())).rejects.toMatchObject(held)
  await expect(deleteHost(ada, id)).rejects.toMatchObject(held)
  await releaseLocks(leases, NOW)
  await deleteHost(ada, id)
  await expect(getHost(id)).rejects.toMatchObject({ code: 'NotFound' })
})

test('a host in use cannot be deleted, and the refusal says where it is used', async () => {
  const lab = await addLab()
  await createCluster(ada, tutorialForm(lab))
  const inUse = (clusters: string, items: number) => ({
    reason: 'host-in-use',
    values: { clusters, items },
  })
  await expect(deleteHost(ada, lab.director)).rejects.toMatchObject(inUse('web', 0))
  await expect(deleteHost(ada, lab.server2)).rejects.toMatchObject(inUse('web', 0))
  await inTransaction((tx) =>
    saveLedger(tx, [
      {
        ...{ hostId: lab.server4, item: { kind: 'module', name: 'ipip' }, clusters: [] },
        ...{ state: 'ours', origin: 'applied', since: 'a1' },
      },
    ]),
  )
  await expect(deleteHost(ada, lab.server4)).rejects.toMatchObject(inUse('', 1))
  expect(await readHostUse(lab.server2)).toMatchObject({ clusters: [{ name: 'web' }], items: 0 })
  expect(await listHosts()).toHaveLength(4)
})

test('a lost secret key is an error that names the host, and a new credential mends it', async () => {
  const id = await addHost(ada, form())
  await approve(id)
  globalThis.tunboardSecretKey = Buffer.alloc(32, 2)
  await expect(sshTarget(id)).rejects.toMatchObject({
    code: 'Unreadable',
    reason: 'credential-unreadable',
    values: { host: 'director' },
  })
  await editHost(ada, { hostId: id, version: 1 }, form())
  expect(await authOf(id)).toMatchObject({ privateKey: KEY })
})

test('an agent is used where Tunboard was started with one, and nothing is stored of it', async () => {
  const agent = form({ authKind: 'agent' })
  Object.assign(env(), { sshAuthSock: undefined })
  await expect(addHost(ada, agent)).rejects.toMatchObject({ fields: { authKind: 'agent.absent' } })
  Object.assign(env(), { sshAuthSock: '/run/agent.sock' })
  const id = await addHost(ada, agent)
  await approve(id)
  expect((await sshTarget(id)).auth).toEqual({ kind: 'agent', socket: '/run/agent.sock' })
  Object.assign(env(), { sshAuthSock: undefined })
  await expect(sshTarget(id)).rejects.toMatchObject({ reason: 'unreachable.auth' })
})

import { afterEach, beforeEach, expect, test } from 'vitest'
import { createApply } from '@/lib/db/applies'
import { getCluster, listDesiredClusters } from '@/lib/db/clusters'
import { updateHostKey } from '@/lib/db/hosts'
import { listLedger, saveLedger } from '@/lib/db/ledger'
import { useTestDatabase } from '@/lib/db/test-database'
import { inTransaction } from '@/lib/db/transaction'
import { createCluster } from './create-cluster'
import { deleteCluster } from './delete-cluster'
import { deleteHost } from './delete-host'
import { addLab, contextOf, type Lab, NOW, tutorialForm } from './test-world'

let remove: () => Promise<void>
let lab: Lab
let clusterId: string
beforeEach(async () => {
  ;({ remove } = await useTestDatabase())
  globalThis.tunboardSecretKey = Buffer.alloc(32, 1)
  lab = await addLab()
  clusterId = await createCluster(ada, tutorialForm(lab))
})
afterEach(() => remove())

const ada = contextOf('Ada')

/** A host with an approved key and something of the cluster on it; nothing answers at port 1 of this machine. */
async function putModuleOn(hostId: string) {
  const approval = { approvedAt: NOW, approvedBy: 'Ada' }
  await inTransaction(async (tx) => {
    await tx.host.update({ where: { id: hostId }, data: { port: 1 } })
    await updateHostKey(tx, hostId, { fingerprint: 'SHA256:x', type: 'ssh-ed25519', ...approval })
    await saveLedger(tx, [
      {
        ...{ hostId, item: { kind: 'module', name: 'ipip' }, clusters: [clusterId] },
        ...{ state: 'ours', origin: 'applied', since: 'a1' },
      },
    ])
  })
}

test('a cluster that was never applied is deleted, its hosts are free, its name too', async () => {
  await deleteCluster(ada, { clusterId, version: 1 })
  expect(await listDesiredClusters()).toEqual([])
  expect(await getCluster(clusterId)).toMatchObject({ deletedAt: NOW, desired: { services: [] } })
  await createCluster(ada, tutorialForm(lab))
  await deleteHost(ada, lab.server4)
  const again = deleteCluster(ada, { clusterId, version: 2 })
  await expect(again).rejects.toMatchObject({ code: 'NotFound' })
})

test('what is left on a host that cannot be reached stays in the ledger as a debt', async () => {
  await putModuleOn(lab.server2)
  await deleteCluster(ada, { clusterId, version: 1 })
  expect(await getCluster(clusterId)).toMatchObject({ deletedAt: NOW })
  expect(await listLedger({ clusterId })).toHaveLength(1)
  await expect(deleteHost(ada, lab.server2)).rejects.toMatchObject({ reason: 'host-in-use' })
})

test('a cluster with an apply under way, or that has moved, is not deleted', async () => {
  const moved = deleteCluster(ada, { clusterId, version: 7 })
  await expect(moved).rejects.toMatchObject({ reason: 'desired-moved' })
  const lists = { steps: [], refusals: [], debts: [], waiting: [], notes: [], bookkeeping: [] }
  await inTransaction((tx) =>
    createApply(tx, {
      ...{ id: 'a1', kind: 'apply', fingerprint: 'f' },
      subject: { kind: 'cluster', id: clusterId, name: 'web' },
      ...{ plan: { clusterId, basis: '', ...lists }, desiredVersion: 1, options: {}, steps: [] },
      ...{ startedBy: { userId: 'u', name: 'Bob' }, startedAt: NOW },
    }),
  )
  const early = deleteCluster(ada, { clusterId, version: 1 })
  await expect(early).rejects.toMatchObject({ reason: 'apply-running' })
  expect(await listDesiredClusters()).toHaveLength(1)
})

import { afterEach, beforeEach, expect, test } from 'vitest'
import { listAuditEvents } from '@/lib/db/audit'
import { getPolicy } from '@/lib/db/cluster-policy'
import { getCluster } from '@/lib/db/clusters'
import { useTestDatabase } from '@/lib/db/test-database'
import { parseForm } from '@/lib/lvs/form'
import { DEFAULT_POLICY, policyFormSchema } from '@/lib/lvs/policy-form'
import { createCluster } from './create-cluster'
import { editPolicy } from './edit-policy'
import { addLab, contextOf, tutorialForm } from './test-world'

let clusterId: string
let remove: () => Promise<void>
beforeEach(async () => {
  ;({ remove } = await useTestDatabase())
  globalThis.tunboardSecretKey = Buffer.alloc(32, 1)
  clusterId = await createCluster(contextOf(), tutorialForm(await addLab()))
})
afterEach(() => remove())

const form = (otherwise: Record<string, unknown>) =>
  parseForm(policyFormSchema, { clusterId, ...DEFAULT_POLICY, ...otherwise })

test('a cluster of which nobody has said anything has the defaults', async () => {
  expect(await getPolicy(clusterId)).toEqual(DEFAULT_POLICY)
})

test('a policy is kept and audited with what it was, and is no new desired version', async () => {
  const { version } = await getCluster(clusterId)
  await editPolicy(contextOf('Bob'), form({ onFailure: 'go-back', undoSeconds: '30' }))
  expect(await getPolicy(clusterId)).toEqual({
    ...DEFAULT_POLICY,
    ...{ onFailure: 'go-back', undoSeconds: 30 },
  })
  expect((await getCluster(clusterId)).version).toBe(version)
  const [event] = await listAuditEvents({ subject: `cluster:${clusterId}`, limit: 1 })
  expect(event).toMatchObject({ action: 'edit-policy', userName: 'Bob' })
  expect(event?.detail).toEqual({
    cluster: 'web',
    ...{ onFailure: 'stop → go-back', undoSeconds: '60 → 30' },
  })
})

test.each(['9', '601', '', '30.5'])('a timer of %o seconds is refused', (undoSeconds) => {
  expect(() => form({ undoSeconds })).toThrow('invalid-input')
})

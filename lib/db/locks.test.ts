import { afterEach, beforeEach, expect, test } from 'vitest'
import { LEASE_SECONDS, listLocks, releaseLocks, renewLocks, takeLocks } from './locks'
import { useTestDatabase } from './test-database'

let remove: () => Promise<void>
beforeEach(async () => {
  ;({ remove } = await useTestDatabase())
})
afterEach(() => remove())

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 22, 12, 0, seconds))
const by = (owner: string, seconds: number) => ({ owner, reason: 'apply', now: at(seconds) })

test('a lock that is held is refused with who holds it, why, and for how long', async () => {
  await takeLocks(['h1'], { owner: 'Ada', reason: 'apply of web', now: at(0) })
  await expect(takeLocks(['h1'], by('Bob', 10))).rejects.toMatchObject({
    reason: 'locked',
    values: { lock: 'h1', owner: 'Ada', reason: 'apply of web', seconds: 20 },
  })
})

test('of several locks all are taken or none', async () => {
  await takeLocks(['h2'], by('Ada', 0))
  await expect(takeLocks(['h1', 'h2', 'h3'], by('Bob', 1))).rejects.toThrow('locked')
  expect((await listLocks(at(1))).map(({ name }) => name)).toEqual(['h2'])
})

test('a lease that ran out can be taken, and its late owner can neither renew nor release it', async () => {
  const ada = await takeLocks(['h1'], by('Ada', 0))
  const bob = await takeLocks(['h1'], by('Bob', LEASE_SECONDS))
  expect(ada).toEqual([{ name: 'h1', generation: 1 }])
  expect(bob).toEqual([{ name: 'h1', generation: 2 }])
  await expect(renewLocks(ada, at(LEASE_SECONDS + 1))).rejects.toThrow('lease-lost')
  await releaseLocks(ada, at(LEASE_SECONDS + 1))
  expect(await listLocks(at(LEASE_SECONDS + 1))).toMatchObject([{ name: 'h1', owner: 'Bob' }])
})

test('a renewed lease lives on, one that ran out cannot be renewed even when nobody took it', async () => {
  const leases = await takeLocks(['h1'], by('Ada', 0))
  await renewLocks(leases, at(LEASE_SECONDS - 1))
  await expect(takeLocks(['h1'], by('Bob', LEASE_SECONDS + 1))).rejects.toThrow('locked')
  await expect(renewLocks(leases, at(2 * LEASE_SECONDS))).rejects.toThrow('lease-lost')
})

test('the generation goes on counting after a release', async () => {
  await releaseLocks(await takeLocks(['h1'], by('Ada', 0)), at(1))
  expect(await listLocks(at(1))).toEqual([])
  expect(await takeLocks(['h1'], by('Bob', 1))).toEqual([{ name: 'h1', generation: 2 }])
})

test('of twenty that try at once, one gets the lock', async () => {
  const tries = Array.from({ length: 20 }, (_, index) =>
    takeLocks(['h1'], by(`person ${index}`, 0)),
  )
  const results = await Promise.allSettled(tries)
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
  expect(new Set(reasons.map(({ reason }) => reason))).toEqual(new Set(['locked']))
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { database } from '@/lib/db/client'
import { listLocks, takeLocks } from '@/lib/db/locks'
import { useTestDatabase } from '@/lib/db/test-database'
import { holdLocks } from './hold-locks'

let remove: () => Promise<void>
const said: string[] = []
beforeEach(async () => {
  said.length = 0
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0)
  ;({ remove } = await useTestDatabase())
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})
afterEach(async () => {
  vi.useRealTimers()
  await remove()
})

const now = () => new Date()
const errors = () => said.filter((line) => line.includes('A lease could not be renewed'))

async function hold() {
  const leases = await takeLocks(['host'], { owner: 'Ada', reason: 'apply web', now: now() })
  const fence = { token: 't', who: 'Ada' }
  return holdLocks({ applyId: 'a1', hostIds: [], leases, fence, now })
}

test('a lease that somebody took away is told once, however long the work goes on', async () => {
  const release = await hold()
  await database().lock.updateMany({ data: { generation: 99 } })
  vi.advanceTimersByTime(10_000)
  await vi.waitFor(() => expect(errors()).toHaveLength(1))
  expect(vi.getTimerCount()).toBe(0)
  await release()
})

test('what ends is given back, and nothing is said', async () => {
  const release = await hold()
  await release()
  expect(await listLocks(now())).toEqual([])
  expect([errors(), vi.getTimerCount()]).toEqual([[], 0])
})

import { test } from '@playwright/test'
import { type FakeLab, startFakeLab } from '@/lib/testing/fake-lab'

/** Starts four hosts that misbehave on demand, anew for each test of a file. */
export function withFakeLab(): () => FakeLab {
  let fleet: FakeLab | undefined
  test.beforeEach(async () => {
    fleet = await startFakeLab()
  })
  test.afterEach(async () => {
    await fleet?.close()
    fleet = undefined
  })
  return () => {
    if (fleet === undefined) throw new Error('the hosts are started before each test, not earlier')
    return fleet
  }
}

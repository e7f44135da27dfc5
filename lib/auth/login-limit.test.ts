import { expect, test } from 'vitest'
import { LoginLimit } from './login-limit'

const MINUTE = 60_000

function failed(times: number, address: (n: number) => string) {
  const limit = new LoginLimit()
  for (let n = 0; n < times; n++) limit.fail('Ann@example.org', address(n), n * 1000)
  return limit
}

test('the eleventh attempt from one address waits until the first failure is five minutes old', () => {
  expect(failed(9, () => '10.0.0.1').waitMs('ann@example.org', '10.0.0.1', 9000)).toBe(0)
  const limit = failed(10, () => '10.0.0.1')
  expect(limit.waitMs(' ann@example.ORG', '10.0.0.1', 10_000)).toBe(5 * MINUTE - 10_000)
  expect(limit.waitMs('ann@example.org', '10.0.0.1', 5 * MINUTE)).toBe(0)
})

test('another address and another email are not held up', () => {
  const limit = failed(10, () => '10.0.0.1')
  expect(limit.waitMs('ann@example.org', '10.0.0.2', 10_000)).toBe(0)
  expect(limit.waitMs('bob@example.org', '10.0.0.1', 10_000)).toBe(0)
})

test('an attacker who invents an address for each attempt is stopped after a hundred', () => {
  const limit = failed(100, (n) => `10.0.1.${n}`)
  expect(limit.waitMs('ann@example.org', '10.9.9.9', 100_000)).toBeGreaterThan(0)
})

test('a login that worked forgives its own address', () => {
  const limit = failed(9, () => '10.0.0.1')
  limit.succeed('ann@example.org', '10.0.0.1')
  limit.fail('ann@example.org', '10.0.0.1', 9000)
  expect(limit.waitMs('ann@example.org', '10.0.0.1', 9500)).toBe(0)
})

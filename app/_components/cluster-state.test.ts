import { expect, test } from 'vitest'
import { clusterState } from './cluster-state'

const cluster = { version: 3, hasServices: true }
const startedAt = new Date(1000)
const endedAt = new Date(5000)

test('a cluster that was never applied is unknown, not well', () => {
  expect(clusterState(cluster, undefined)).toEqual({ name: 'never', tone: 'unknown' })
})

test('a verified apply of an older desired version is a change that waits', () => {
  const last = { state: 'verified', desiredVersion: 2, startedAt, endedAt } as const
  expect(clusterState(cluster, last)).toEqual({ name: 'changed', tone: 'warn', at: 5000 })
  expect(clusterState(cluster, { ...last, desiredVersion: 3 })).toEqual({
    name: 'verified',
    tone: 'ok',
    at: 5000,
  })
})

test('a failed apply of an older version is still a failure', () => {
  const last = { state: 'failed', desiredVersion: 2, startedAt } as const
  expect(clusterState(cluster, last)).toMatchObject({ name: 'failed', tone: 'bad', at: 1000 })
})

test('a director that cannot be read comes before what was verified earlier', () => {
  const last = { state: 'verified', desiredVersion: 3, startedAt, endedAt } as const
  expect(clusterState(cluster, last, { lostSince: 9000 })).toEqual({
    name: 'lost',
    tone: 'bad',
    at: 9000,
  })
})

test('drift comes before what waits, and a failure or a lost director before drift', () => {
  const last = { state: 'verified', desiredVersion: 2, startedAt, endedAt } as const
  const drifted = { name: 'drifted', tone: 'warn', at: 7000 }
  expect(clusterState(cluster, last, { driftSince: 7000 })).toEqual(drifted)
  const failed = { ...last, state: 'failed' } as const
  expect(clusterState(cluster, failed, { driftSince: 7000 })).toMatchObject({ name: 'failed' })
  const both = { driftSince: 7000, lostSince: 9000 }
  expect(clusterState(cluster, last, both)).toMatchObject({ name: 'lost' })
})
